import { zipSync } from "fflate";
import { AppError } from "../../../shared/base/errors.ts";
import { type ByteRange, readBytes, subRange } from "./byte-range.ts";
import { encodeNpy, type NpyArray } from "./npy.ts";
import { unpackedRange } from "./unpack.ts";

/** A .npz archive: arrays by name. */
export interface Npz {
  /** Without the `.npy` that NumPy appends. */
  readonly names: readonly string[];
  /**
   * The bytes of one array as a .npy file. A stored member is read from the archive on demand; a deflated one is
   * inflated into memory once more than its header is read, once per call.
   * @throws AppError 'data-invalid' if the member is encrypted, or inflates beyond what is left of the limit; reading it
   *   throws the same if it is damaged or inflates to another length than the archive says
   */
  member(name: string): Promise<ByteRange>;
}

/** Bytes that the deflated members of one archive may take in memory, together. */
const INFLATE_LIMIT = 2 ** 30;
const LONGEST_DIRECTORY = 16 * 2 ** 20;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerStart: number;
}

/**
 * Opens the zip archive in `range`, zip64 included.
 * @param inflateLimit bytes that all deflated members may take in memory together
 * @throws AppError 'data-invalid' if it is no zip archive or its directory is damaged
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function openNpz(range: ByteRange, inflateLimit = INFLATE_LIMIT): Promise<Npz> {
  const entries = new Map<string, Entry>();
  for (const entry of await readDirectory(range)) {
    if (entries.has(entry.name)) throw damaged(range, `holds two arrays "${entry.name}"`);
    entries.set(entry.name, entry);
  }
  let left = inflateLimit;
  return {
    names: [...entries.keys()],
    member: async (name) => {
      const entry = entries.get(name);
      if (entry === undefined) throw damaged(range, `holds no array "${name}"`);
      const packed = await packedBytes(range, entry);
      if (entry.method === 0) return packed;
      if (entry.bytes > left) throw tooLarge(range, entry, inflateLimit);
      left -= entry.bytes;
      return unpackedRange(packed, "deflate", entry.bytes);
    },
  };
}

/** Of members, for the same arrays to be the same bytes whenever they are written: the earliest that an archive can hold. */
const noTime = new Date(1980, 0, 1);

/** Writes arrays as a .npz archive, stored unless `compressed`. */
export function encodeNpz(arrays: Readonly<Record<string, NpyArray>>, compressed = false): Uint8Array {
  const members = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  return zipSync(Object.fromEntries(members), { level: compressed ? 6 : 0, mtime: noTime });
}

async function readDirectory(range: ByteRange): Promise<Entry[]> {
  const place = await directoryPlace(range);
  if (place.length > LONGEST_DIRECTORY || place.start + place.length > range.length) {
    throw damaged(range, "has a damaged zip directory");
  }
  const bytes = await readBytes(range, place.start, place.length);
  const view = new DataView(bytes.buffer);
  const entries: Entry[] = [];
  let at = 0;
  while (at + 46 <= bytes.length) {
    if (view.getUint32(at, true) !== 0x02014b50) throw damaged(range, "has a damaged zip directory");
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const end = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (end > bytes.length) throw damaged(range, "has a damaged zip directory");
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (name.endsWith(".npy")) {
      entries.push(parseEntry(view, at, name.slice(0, -4), at + 46 + nameLength, extraLength));
    }
    at = end;
  }
  return entries;
}

/** Finds the central directory by the record at the archive's end. */
async function directoryPlace(range: ByteRange): Promise<{ start: number; length: number }> {
  const length = Math.min(range.length, 22 + 65_535);
  const tail = await readBytes(range, range.length - length, length);
  const view = new DataView(tail.buffer);
  for (let at = length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (view.getUint32(at + 16, true) !== 0xffffffff) {
      return { start: view.getUint32(at + 16, true), length: view.getUint32(at + 12, true) };
    }
    return zip64Place(range, at >= 20 ? wide(view, at - 20 + 8) : range.length);
  }
  throw damaged(range, "is no .npz archive, or is cut short");
}

async function zip64Place(range: ByteRange, start: number): Promise<{ start: number; length: number }> {
  if (start + 56 > range.length) throw damaged(range, "has a damaged zip64 directory");
  const view = new DataView((await readBytes(range, start, 56)).buffer);
  if (view.getUint32(0, true) !== 0x06064b50) throw damaged(range, "has a damaged zip64 directory");
  return { start: wide(view, 48), length: wide(view, 40) };
}

function parseEntry(view: DataView, at: number, name: string, extra: number, extraLength: number): Entry {
  const narrow = [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ];
  const [bytes, packedBytes, headerStart] = withZip64(view, narrow, extra, extra + extraLength);
  const encrypted = (view.getUint16(at + 8, true) & 1) === 1;
  return { name, method: view.getUint16(at + 10, true), encrypted, packedBytes, bytes, headerStart };
}

/** Replaces each value that didn't fit 32 bits by its 64-bit form in the extra field with id 1. */
function withZip64(view: DataView, narrow: readonly number[], start: number, end: number): number[] {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    return narrow.map((value) => {
      if (value !== 0xffffffff || next + 8 > end) return value;
      next += 8;
      return wide(view, next - 8);
    });
  }
  return [...narrow];
}

/** The member as it lies in the archive, after its local header. */
async function packedBytes(range: ByteRange, entry: Entry): Promise<ByteRange> {
  const where = `${range.where} (${entry.name})`;
  if (entry.encrypted) throw damaged(range, `holds "${entry.name}" encrypted`);
  if (entry.method !== 0 && entry.method !== 8) {
    throw damaged(
      range,
      `holds "${entry.name}" packed by zip method ${entry.method}, expected stored or deflated`,
    );
  }
  if (entry.headerStart + 30 > range.length) throw damaged(range, `is cut short at "${entry.name}"`);
  const view = new DataView((await readBytes(range, entry.headerStart, 30)).buffer);
  if (view.getUint32(0, true) !== 0x04034b50) throw damaged(range, `has a damaged header at "${entry.name}"`);
  const start = entry.headerStart + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.packedBytes > range.length) throw damaged(range, `is cut short at "${entry.name}"`);
  return subRange(range, start, entry.packedBytes, where);
}

function wide(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function tooLarge(range: ByteRange, entry: Entry, limit: number): AppError {
  const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  return damaged(
    range,
    `holds "${entry.name}" compressed, ${mebibytes(entry.bytes)} MiB when inflated; compressed arrays may take ` +
      `${mebibytes(limit)} MiB in memory: save it with numpy.savez (uncompressed) or as .npy files`,
  );
}

function damaged(range: ByteRange, what: string): AppError {
  return new AppError("data-invalid", `${range.where}: ${what}`);
}
