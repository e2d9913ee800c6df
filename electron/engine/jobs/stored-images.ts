import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { openRegularFile } from "../../disk/regular-file.ts";
import { type InputArray, imageBytes, valuesPerImage } from "../dataset/splits/input-pixels.ts";

/**
 * A file of images as a network reads them. What was made of bytes, however it was normalised, has 256 values a channel at most:
 * they are stored as tables of these and a byte for each, a quarter of the floats, and come back to the last bit. Anything else is
 * stored as it is. The first byte says which.
 */
const plain = 0;
const tabled = 1;

const tableValues = 256;
const bitsBytes = 4;

/** A file of images that is being made. */
export interface ImageStore {
  /** Takes some more; the array may change afterwards. */
  add(images: InputArray): void;
  /** What the file holds, in pieces. */
  pieces(): Uint8Array[];
}

export function createImageStore(input: BackboneInput): ImageStore {
  const tables = Array.from({ length: input.channels }, createTable);
  let isTabled = input.type !== "uint8";
  let parts: Uint8Array[] = [];
  return {
    add: (images) => {
      const codes = isTabled ? codesOf(images as Float32Array, tables, input) : undefined;
      if (isTabled && !codes) {
        const bits = tables.map((table) => table.bits);
        parts = parts.map((coded) => bytesOf(lookUp(coded, bits, new Uint32Array(coded.length), input)));
        isTabled = false;
      }
      parts.push(codes ?? bytesOf(images).slice());
    },
    pieces: () =>
      isTabled
        ? [Uint8Array.of(tabled), ...tables.map(({ bits }) => bytesOf(bits)), ...parts]
        : [Uint8Array.of(plain), ...parts],
  };
}

/** Such a file of images that are all there, in pieces. */
export function storedImages(images: readonly InputArray[], input: BackboneInput): Uint8Array[] {
  const store = createImageStore(input);
  for (const values of images) store.add(values);
  return store.pieces();
}

/** Undefined once a channel has more values than a byte can tell. */
function codesOf(values: Float32Array, tables: readonly Table[], input: BackboneInput) {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const codes = new Uint8Array(values.length);
  const { run, channels } = channelRuns(input);
  for (let start = 0, channel = 0; start < bits.length; start += run, channel = (channel + 1) % channels)
    if (!codeRun(tables[channel], bits, codes, start, start + run)) return undefined;
  return codes;
}

/** Values in a row that are of one channel, which takes turns with the others. */
function channelRuns({ layout, channels, height, width }: BackboneInput) {
  return { channels, run: layout === "NCHW" ? height * width : 1 };
}

interface Table {
  /** Of the floats, in the order in which they were met; 0 where there are fewer. */
  readonly bits: Uint32Array;
  /** A hash table of the codes by their bits; -1 where there is none. */
  readonly codeAt: Int16Array;
  count: number;
}

/** Slots of a hash table that stays mostly empty. */
const slots = 4096;

/** Knuth's multiplication spreads neighbours; the upper half, folded in, does for those that differ there alone. */
function slotOf(bits: number): number {
  return Math.imul(bits ^ (bits >>> 16), 2_654_435_761) >>> 20;
}

function createTable(): Table {
  return { bits: new Uint32Array(tableValues), codeAt: new Int16Array(slots).fill(-1), count: 0 };
}

/** Codes of some values of one channel, new ones in its table; false once there are too many. */
function codeRun(table: Table, bits: Uint32Array, codes: Uint8Array, from: number, to: number): boolean {
  const { bits: known, codeAt } = table;
  for (let at = from; at < to; at++) {
    const own = bits[at];
    let slot = slotOf(own);
    let code = codeAt[slot];
    while (code >= 0 && known[code] !== own) {
      slot = (slot + 1) % slots;
      code = codeAt[slot];
    }
    if (code < 0) {
      if (table.count === tableValues) return false;
      code = table.count++;
      known[code] = own;
      codeAt[slot] = code;
    }
    codes[at] = code;
  }
  return true;
}

function bytesOf(values: InputArray | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Such a file, open. Whoever opens it closes it. */
export interface StoredImages {
  /** Puts some of its images at the beginning of an array of the network's type. */
  read(into: InputArray, from: number, count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param count images that it has to hold
 * @throws AppError 'file-invalid' if it holds more or fewer, 'file-not-found'
 */
export async function openStoredImages(
  path: string,
  input: BackboneInput,
  count: number,
): Promise<StoredImages> {
  const { handle: file, bytes: size } = await openRegularFile(path);
  try {
    const isTabled = (await readWhole(file, 0, Math.min(1, size), path))[0] === tabled;
    const headBytes = 1 + (isTabled ? input.channels * tableValues * bitsBytes : 0);
    const bytesOfImage = isTabled ? valuesPerImage(input) : imageBytes(input);
    const expected = headBytes + count * bytesOfImage;
    if (size !== expected || (isTabled && input.type === "uint8"))
      throw new AppError("file-invalid", `the images in ${path} take ${size} bytes, expected ${expected}`);
    const tables = isTabled ? tablesOf(await readWhole(file, 1, headBytes - 1, path), input) : undefined;
    return {
      read: async (into, from, wanted) => {
        const bytes = await readWhole(file, headBytes + from * bytesOfImage, wanted * bytesOfImage, path);
        if (tables) lookUp(bytes, tables, new Uint32Array(into.buffer, into.byteOffset, into.length), input);
        else bytesOf(into).set(bytes);
      },
      close: () => file.close(),
    };
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

function tablesOf(bytes: Uint8Array, { channels }: BackboneInput): Uint32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const start = channel * tableValues * bitsBytes;
    return new Uint32Array(bytes.slice(start, start + tableValues * bitsBytes).buffer);
  });
}

/** Writes the bits of the floats that codes stand for. */
function lookUp(
  codes: Uint8Array,
  tables: readonly Uint32Array[],
  into: Uint32Array,
  input: BackboneInput,
): Uint32Array {
  const { run, channels } = channelRuns(input);
  for (let start = 0, channel = 0; start < codes.length; start += run, channel = (channel + 1) % channels) {
    const table = tables[channel];
    for (let at = start; at < start + run; at++) into[at] = table[codes[at]];
  }
  return into;
}

async function readWhole(file: FileHandle, from: number, bytes: number, path: string): Promise<Uint8Array> {
  const room = new Uint8Array(bytes);
  const { bytesRead } = await file.read(room, 0, bytes, from);
  if (bytesRead < bytes) throw new AppError("file-unreadable", `${path} is cut short`);
  return room;
}
