import { constants, deflateRawSync } from "node:zlib";
import { joinBytes } from "./wire/wire-fields.ts";

/** A member of a zip archive that may say of itself what isn't so. */
export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** How `bytes` are written; stored if absent. */
  readonly deflate?: boolean;
  /** Bytes that are deflated already, in place of `bytes`. */
  readonly deflated?: Uint8Array;
  /** What the archive says that it unpacks to, if that isn't the truth. */
  readonly claimedBytes?: number;
}

/** A zip archive written by the letter, always the same for the same members, of which several may have one name. */
export function zipBytes(members: readonly ZipMember[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const member of members) {
    const packed = member.deflated ?? (member.deflate ? deflateRawSync(member.bytes) : member.bytes);
    const method = member.deflated || member.deflate ? 8 : 0;
    const name = new TextEncoder().encode(member.name).slice(0, 65_535);
    const facts = numbers([
      [2, method],
      [4, 0x00210000],
      [4, crc32(member.bytes)],
      [4, packed.length],
      [4, member.claimedBytes ?? member.bytes.length],
      [2, name.length],
      [2, 0],
    ]);
    parts.push(
      numbers([
        [4, 0x04034b50],
        [2, 20],
        [2, 0x800],
      ]),
      facts,
      name,
      packed,
    );
    const rest = numbers([
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, at],
    ]);
    directory.push(
      numbers([
        [4, 0x02014b50],
        [2, 20],
        [2, 20],
        [2, 0x800],
      ]),
      facts,
      rest,
      name,
    );
    at += 30 + name.length + packed.length;
  }
  const listed = joinBytes(directory);
  const count = members.length & 0xffff;
  const end = numbers([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, listed.length],
    [4, at],
    [2, 0],
  ]);
  return joinBytes([...parts, listed, end]);
}

/** Little-endian, each [bytes, value]. */
function numbers(values: readonly (readonly [2 | 4, number])[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(values.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of values) {
    if (width === 2) bytes.setUint16(at, value, true);
    else bytes.setUint32(at, value, true);
    at += width;
  }
  return new Uint8Array(bytes.buffer);
}

/** As zip archives have it: polynomial 0xedb88320. */
function crc32(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) sum = (sum >>> 8) ^ crcTable[(sum ^ byte) & 0xff];
  return ~sum >>> 0;
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** A deflate stream that unpacks to so many mebibytes of one byte, at a thousandth of them. */
export function deflateBomb(mebibytes: number, filling = 0): Uint8Array {
  const piece = deflateRawSync(new Uint8Array(2 ** 20).fill(filling), {
    finishFlush: constants.Z_FULL_FLUSH,
  });
  const end = deflateRawSync(new Uint8Array());
  return joinBytes([...Array.from({ length: mebibytes }, () => piece), end]);
}
