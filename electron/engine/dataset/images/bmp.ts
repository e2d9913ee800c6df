import { checkedSize } from "./image-size.ts";
import type { RawImage } from "./raw-image.ts";

/** Sizes of headers that come in use, from OS/2's to Windows' version 5. */
const OLD_HEADER_BYTES = 12;
const SHORTEST_HEADER_BYTES = 40;
const FILE_HEADER_BYTES = 14;

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Whether the first row is the top one; it is mostly the bottom one. */
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly dataStart: number;
  readonly rowBytes: number;
}

/** What a bitmap's header claims. @throws Error if it is no size that an image has */
export function bmpSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  return readHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * Decodes an uncompressed Windows bitmap to RGB; alpha is dropped, as Pillow drops it.
 * @throws Error saying what is wrong with it
 * @see https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types
 */
export function decodeBmp(bytes: Uint8Array): RawImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  const { width, height, rowBytes, dataStart } = header;
  const write = pixelWriter(view, header);
  if (dataStart + rowBytes * height > bytes.length) throw new Error("is cut short");
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    const row = dataStart + rowBytes * (header.isTopDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++, to += 3) write(row, x, data, to);
  }
  return { width, height, channels: 3, data };
}

function readHeader(view: DataView): BmpHeader {
  if (view.byteLength < FILE_HEADER_BYTES + OLD_HEADER_BYTES) throw new Error("is cut short");
  const dataStart = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  const isOld = headerBytes === OLD_HEADER_BYTES;
  if (!isOld && (headerBytes < SHORTEST_HEADER_BYTES || view.byteLength < FILE_HEADER_BYTES + headerBytes))
    throw new Error(`has a bitmap header of ${headerBytes} bytes, expected 12, or 40 and more`);
  const signedHeight = isOld ? view.getUint16(20, true) : view.getInt32(22, true);
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? 0 : view.getUint32(30, true);
  checkedSize(width, height);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  return { width, height, isTopDown: signedHeight < 0, bits, compression, dataStart, rowBytes };
}

/** Writes the colour of pixel x of the row that starts at a byte: three bytes from `to` on. */
type PixelWriter = (rowStart: number, x: number, into: Uint8Array, to: number) => void;

function pixelWriter(view: DataView, { bits, compression, dataStart }: BmpHeader): PixelWriter {
  const isPlain = compression === 0;
  if (isPlain && (bits === 1 || bits === 4 || bits === 8)) return paletteWriter(view, bits, dataStart);
  if (isPlain && (bits === 24 || bits === 32)) {
    const step = bits / 8;
    return (row, x, into, to) => {
      for (let channel = 0, at = row + x * step; channel < 3; channel++)
        into[to + channel] = view.getUint8(at + 2 - channel);
    };
  }
  if (isPlain && bits === 16) return maskWriter(view, bits, [0x7c00, 0x3e0, 0x1f]);
  const masksEnd = FILE_HEADER_BYTES + SHORTEST_HEADER_BYTES + 12;
  const hasMasks = compression === 3 && (bits === 16 || bits === 32) && view.byteLength >= masksEnd;
  if (hasMasks)
    return maskWriter(
      view,
      bits,
      [54, 58, 62].map((at) => view.getUint32(at, true)),
    );
  throw new Error(`is a bitmap of ${bits} bits a pixel, compressed by method ${compression}: save it as PNG`);
}

function paletteWriter(view: DataView, bits: number, dataStart: number): PixelWriter {
  const headerBytes = view.getUint32(14, true);
  const entryBytes = headerBytes === OLD_HEADER_BYTES ? 3 : 4;
  const start = FILE_HEADER_BYTES + headerBytes;
  const colours = Math.min(
    2 ** bits,
    Math.floor((Math.min(dataStart, view.byteLength) - start) / entryBytes),
  );
  const palette = Array.from({ length: Math.max(0, colours) }, (_, colour) => {
    const at = start + colour * entryBytes;
    return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at)];
  });
  const perByte = 8 / bits;
  return (row, x, into, to) => {
    const shift = 8 - bits * ((x % perByte) + 1);
    const colour = (view.getUint8(row + Math.floor(x / perByte)) >> shift) & (2 ** bits - 1);
    const found = palette[colour];
    if (found === undefined) throw new Error(`uses colour ${colour} of a palette of ${palette.length}`);
    for (let channel = 0; channel < 3; channel++) into[to + channel] = found[channel];
  };
}

/** Colours that are stretches of bits within a pixel, widened to eight bits. */
function maskWriter(view: DataView, bits: number, masks: readonly number[]): PixelWriter {
  const channels = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, max: Math.max(1, mask >>> shift) };
  });
  const step = bits / 8;
  return (row, x, into, to) => {
    const at = row + x * step;
    const value = bits === 16 ? view.getUint16(at, true) : view.getUint32(at, true);
    for (let channel = 0; channel < 3; channel++) {
      const { mask, shift, max } = channels[channel];
      into[to + channel] = Math.floor((((value & mask) >>> shift) * 255) / max);
    }
  };
}
