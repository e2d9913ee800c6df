import { deflateSync } from "node:zlib";
import { pick } from "../../drawing/draw.ts";
import type { Mutator } from "../../mutator.ts";
import { fileEntry } from "../../tree.ts";
import { joinBytes } from "../../wire/wire-fields.ts";
import { deflateBomb } from "../../zip-bytes.ts";
import { type DataSubject, filesIn } from "../data-subject.ts";

const sides = [0, 1, 2, 20_000, 65_535, 2 ** 31 - 1];

/** An image that says how large it is and holds next to nothing. */
export const hugeImage: Mutator<DataSubject> = {
  id: "huge-image",
  mutate: (subject, random) => {
    const images = filesIn(subject).filter(([name]) => /\.(png|bmp|gif|jpg)$/.test(name));
    if (images.length === 0) return false;
    const [width, height] = [pick(random, sides), pick(random, sides)];
    const make = pick(random, [pngOf, bmpOf, gifOf, netpbmOf]);
    subject.tree.set(pick(random, images)[0], fileEntry(make(width, height)));
    return true;
  },
};

/** The chunks' sums aren't right, which decoders may or may not mind. */
function pngOf(width: number, height: number): Uint8Array {
  const chunk = (kind: string, data: Uint8Array) =>
    joinBytes([bigEndian(data.length), new TextEncoder().encode(kind), data, bigEndian(0)]);
  const header = joinBytes([bigEndian(width), bigEndian(height), Uint8Array.of(8, 0, 0, 0, 0)]);
  const zlibHead = deflateSync(new Uint8Array()).subarray(0, 2);
  const pixels = joinBytes([zlibHead, deflateBomb(20)]);
  const start = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return joinBytes([start, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", new Uint8Array())]);
}

function bmpOf(width: number, height: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(1078));
  bytes.setUint16(0, 0x424d);
  bytes.setUint32(10, 1078, true);
  bytes.setUint32(14, 40, true);
  bytes.setInt32(18, width, true);
  bytes.setInt32(22, height, true);
  bytes.setUint16(26, 1, true);
  bytes.setUint16(28, 8, true);
  return new Uint8Array(bytes.buffer);
}

function gifOf(width: number, height: number): Uint8Array {
  const [w, h] = [width & 0xffff, height & 0xffff];
  const size = [w & 255, w >> 8, h & 255, h >> 8];
  const head = [...new TextEncoder().encode("GIF89a"), ...size, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
  return Uint8Array.from([...head, 0x2c, 0, 0, 0, 0, ...size, 0, 2, 2, 0x44, 1, 0, 0x3b]);
}

function netpbmOf(width: number, height: number): Uint8Array {
  return new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
}

function bigEndian(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);
}
