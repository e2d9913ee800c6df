import { checkedSize } from "./image-size.ts";
import type { RawImage } from "./raw-image.ts";

/** P1 to P3 hold numbers as text, P4 to P6 as bytes; of bits, greys and colours. */
const KINDS = { 1: "bits", 2: "grey", 3: "colour", 4: "bits", 5: "grey", 6: "colour" } as const;

interface NetpbmHeader {
  readonly kind: "bits" | "grey" | "colour";
  readonly isText: boolean;
  readonly width: number;
  readonly height: number;
  /** The value of white. */
  readonly max: number;
  readonly dataStart: number;
}

/** What a header claims. @throws Error if it is no size that an image has */
export function netpbmSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  return readHeader(bytes);
}

export function isNetpbm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] >= 0x31 && bytes[1] <= 0x36 && isSpace(bytes[2]);
}

/**
 * Decodes a PBM, PGM or PPM to grey or RGB. Greys of more than eight bits are clipped at 255, as Pillow's
 * `convert("RGB")` does; colours are scaled.
 * @throws Error saying what is wrong with it
 * @see https://netpbm.sourceforge.net/doc/
 */
export function decodeNetpbm(bytes: Uint8Array): RawImage {
  const header = readHeader(bytes);
  const { width, height, kind, isText } = header;
  const channels = kind === "colour" ? 3 : 1;
  const count = width * height * channels;
  const data = new Uint8Array(count);
  const values = isText ? textValues(bytes, header, count) : byteValues(bytes, header, count);
  const toByte = byteOf(header);
  for (let at = 0; at < count; at++) data[at] = toByte(values(at));
  return { width, height, channels, data };
}

function readHeader(bytes: Uint8Array): NetpbmHeader {
  const digit = (bytes[1] - 0x30) as keyof typeof KINDS;
  const kind = KINDS[digit];
  const reader = tokenReader(bytes, 2);
  const [width, height] = [reader.next(), reader.next()];
  const max = kind === "bits" ? 1 : reader.next();
  checkedSize(width, height);
  if (max < 1 || max > 65_535) throw new Error(`says that white is ${max}, expected 1 to 65535`);
  return { kind, isText: digit <= 3, width, height, max, dataStart: reader.place() + 1 };
}

function byteOf({ kind, max }: NetpbmHeader): (value: number) => number {
  if (kind === "bits") return (bit) => (bit === 0 ? 255 : 0);
  if (kind === "grey" && max > 255) {
    const scale = 65_535 / max;
    return (value) => Math.min(255, Math.round(value * scale));
  }
  return (value) => Math.min(255, halfToEven((value / max) * 255));
}

/** Rounds as Python does. */
function halfToEven(value: number): number {
  const whole = Math.floor(value);
  return value - whole === 0.5 ? whole + (whole % 2) : Math.round(value);
}

/** The values behind a binary header. */
function byteValues(bytes: Uint8Array, header: NetpbmHeader, count: number): (at: number) => number {
  const { kind, width, height, max, dataStart } = header;
  const rowBytes = Math.ceil(width / 8);
  const wide = max > 255;
  const needed = kind === "bits" ? rowBytes * height : count * (wide ? 2 : 1);
  if (dataStart + needed > bytes.length) throw new Error("is cut short");
  if (kind === "bits") {
    return (at) => {
      const [y, x] = [Math.floor(at / width), at % width];
      return (bytes[dataStart + y * rowBytes + (x >> 3)] >> (7 - (x & 7))) & 1;
    };
  }
  return wide
    ? (at) => bytes[dataStart + 2 * at] * 256 + bytes[dataStart + 2 * at + 1]
    : (at) => bytes[dataStart + at];
}

/** The values behind a header of text; asked for in order. Bits may stand without spaces between them. */
function textValues(bytes: Uint8Array, header: NetpbmHeader, count: number): (at: number) => number {
  const { kind, dataStart } = header;
  if (dataStart + count > bytes.length) throw new Error("is cut short");
  const reader = tokenReader(bytes, dataStart - 1);
  return () => (kind === "bits" ? reader.nextDigit() : reader.next());
}

/** Whole numbers in text, separated by white space and comments. */
function tokenReader(bytes: Uint8Array, start: number) {
  let at = start;
  const skip = () => {
    while (isSpace(bytes[at]) || bytes[at] === 0x23) {
      if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 0x0a) at++;
      else at++;
    }
  };
  const digit = () => {
    const value = bytes[at] - 0x30;
    if (value >= 0 && value <= 9) return value;
    throw new Error(at < bytes.length ? `holds no number at byte ${at}` : "is cut short");
  };
  return {
    next: () => {
      skip();
      let number = digit();
      for (at++; bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) number = Math.min(1e9, number * 10 + digit());
      return number;
    },
    nextDigit: () => {
      skip();
      const value = digit();
      at++;
      return value;
    },
    /** Of the byte behind the last number. */
    place: () => at,
  };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
