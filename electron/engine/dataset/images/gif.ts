import { checkedSize } from "./image-size.ts";
import type { RawImage } from "./raw-image.ts";

/** Rows of an interlaced image come in four passes: first row and step of each. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

export function isGif(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 4)) === "GIF8";
}

/**
 * Decodes a GIF's first frame to RGB as Pillow's `convert("RGB")` does: transparent pixels keep their colour in the palette,
 * where other decoders make them black; around a frame that doesn't fill the picture lies the transparent colour, or the
 * palette's first; and a frame that reaches beyond the picture widens it.
 * @throws Error saying what is wrong with it
 * @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export function decodeGif(bytes: Uint8Array): RawImage {
  return readingWhole(bytes, decodeFrame);
}

/** What the header and the first frame's claim together. @throws Error if it is no size that an image has */
export function gifSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  return readingWhole(bytes, readHeader);
}

/** @throws Error 'is cut short' where something is read behind the end */
function readingWhole<T>(bytes: Uint8Array, read: (bytes: Uint8Array, view: DataView) => T): T {
  try {
    return read(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (error instanceof RangeError) throw new Error("is cut short");
    throw error;
  }
}

function readHeader(bytes: Uint8Array, view: DataView) {
  const [ownWidth, ownHeight] = [view.getUint16(6, true), view.getUint16(8, true)];
  checkedSize(ownWidth, ownHeight);
  const shared = paletteAt(bytes, 13, view.getUint8(10));
  const { at: frameAt, transparent } = findFrame(view, 13 + shared.length);
  const [left, top, frameWidth, frameHeight] = [1, 3, 5, 7].map((at) => view.getUint16(frameAt + at, true));
  const width = Math.max(ownWidth, left + frameWidth);
  const height = Math.max(ownHeight, top + frameHeight);
  checkedSize(width, height);
  checkedSize(frameWidth, frameHeight);
  return { width, height, shared, frameAt, transparent, left, top, frameWidth, frameHeight };
}

function decodeFrame(bytes: Uint8Array, view: DataView): RawImage {
  const header = readHeader(bytes, view);
  const { width, height, shared, frameAt, transparent, left, top, frameWidth, frameHeight } = header;
  const frameFlags = view.getUint8(frameAt + 9);
  const own = paletteAt(bytes, frameAt + 10, frameFlags);
  const palette = own.length > 0 ? own : shared;
  const codeBits = view.getUint8(frameAt + 10 + own.length);
  const packed = subBlocks(view, frameAt + 11 + own.length);
  const colours = unpack(packed, codeBits, frameWidth * frameHeight);
  const data = filledCanvas(width, height, palette, transparent ?? 0);
  const rows = rowOrder(frameHeight, (frameFlags & 0x40) !== 0);
  for (const [row, y] of rows.entries()) {
    let to = ((top + y) * width + left) * 3;
    for (let x = 0; x < frameWidth; x++, to += 3) {
      const colour = 3 * colours[row * frameWidth + x];
      // A colour beyond the palette leaves what is there.
      for (let channel = 0; colour + channel < palette.length && channel < 3; channel++)
        data[to + channel] = palette[colour + channel];
    }
  }
  return { width, height, channels: 3, data };
}

function paletteAt(bytes: Uint8Array, start: number, flags: number): Uint8Array {
  return (flags & 0x80) === 0 ? new Uint8Array(0) : bytes.subarray(start, start + 3 * 2 ** ((flags & 7) + 1));
}

function filledCanvas(width: number, height: number, palette: Uint8Array, index: number): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  const colour = palette.subarray(3 * index, 3 * index + 3);
  if (colour.every((value) => value === 0)) return data;
  data.set(colour);
  for (let done = 3; done < data.length; done *= 2) data.copyWithin(done, 0, done);
  return data;
}

/** Where the first image descriptor is, and the transparent colour if an extension before it names one. */
function findFrame(view: DataView, start: number): { at: number; transparent: number | undefined } {
  let at = start;
  let transparent: number | undefined;
  while (view.getUint8(at) !== 0x2c) {
    if (view.getUint8(at) !== 0x21) throw new Error("holds no image");
    const isControl = view.getUint8(at + 1) === 0xf9;
    if (isControl) transparent = (view.getUint8(at + 3) & 1) === 1 ? view.getUint8(at + 6) : undefined;
    at += 2;
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
  }
  return { at, transparent };
}

/** The bytes of a chain of blocks of up to 255, each behind its length; a length of 0 ends it. */
function subBlocks(view: DataView, start: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = start; view.getUint8(at) !== 0; at += 1 + view.getUint8(at)) {
    blocks.push(new Uint8Array(view.buffer, view.byteOffset + at + 1, view.getUint8(at)));
  }
  return Buffer.concat(blocks);
}

function rowOrder(height: number, isInterlaced: boolean): number[] {
  if (!isInterlaced) return Array.from({ length: height }, (_, row) => row);
  return PASSES.flatMap(([first, step]) =>
    Array.from({ length: Math.max(0, Math.ceil((height - first) / step)) }, (_, row) => first + row * step),
  );
}

const MAX_CODES = 4096;

/** Undoes LZW with codes that widen from `codeBits` + 1 to 12 bits. */
function unpack(packed: Uint8Array, codeBits: number, count: number): Uint8Array {
  if (codeBits < 1 || codeBits > 8) throw new Error(`has colours of ${codeBits} bits, expected 1 to 8`);
  const clear = 2 ** codeBits;
  const prefix = new Uint16Array(MAX_CODES);
  const suffix = new Uint8Array(MAX_CODES);
  const first = new Uint8Array(MAX_CODES);
  const lengths = new Uint16Array(MAX_CODES);
  for (let code = 0; code < clear; code++) {
    suffix[code] = code;
    first[code] = code;
    lengths[code] = 1;
  }
  const out = new Uint8Array(count);
  let [done, next, width, previous, bits, held] = [0, clear + 2, codeBits + 1, -1, 0, 0];
  for (const byte of packed) {
    held |= byte << bits;
    bits += 8;
    while (bits >= width && done < count) {
      const code = held & (2 ** width - 1);
      held >>>= width;
      bits -= width;
      if (code === clear + 1) break;
      if (code === clear) {
        [next, width, previous] = [clear + 2, codeBits + 1, -1];
        continue;
      }
      if (code > next || (code === next && previous < 0)) throw new Error("has a damaged first frame");
      if (previous >= 0 && next < MAX_CODES) {
        prefix[next] = previous;
        suffix[next] = code === next ? first[previous] : first[code];
        first[next] = first[previous];
        lengths[next] = lengths[previous] + 1;
        next++;
        if (next === 2 ** width && width < 12) width++;
      }
      let at = done + lengths[code];
      for (let back = code, left = lengths[code]; left > 0; left--, back = prefix[back]) {
        if (--at < count) out[at] = suffix[back];
      }
      done += lengths[code];
      previous = code;
    }
  }
  if (done < count) throw new Error("is cut short");
  return out;
}
