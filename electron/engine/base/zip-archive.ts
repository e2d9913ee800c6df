import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";

/** An entry of a zip archive in memory, as its directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** Unpacked; `unpackEntry` keeps to it. */
  readonly bytes: number;
  readonly isPacked: boolean;
  /** As it lies in the archive. */
  readonly stored: Uint8Array;
}

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const headerMark = 0x04034b50;
/** Of the record at the end without its comment, of an entry in the directory, and of the header before its bytes. */
const [endLength, entryLength, headerLength] = [22, 46, 30];
const longestComment = 65_535;

/**
 * Reads the directory of a zip archive, unpacking nothing: what it claims can be budgeted first. Entries may be stored or
 * deflated and must not lie in one another; zip64 is for archives over 4 GB and not read.
 * @throws Error if it is no such archive, or damaged
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function readZipDirectory(archive: Uint8Array): ZipEntry[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const placed: PlacedEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let number = 0; number < count; number++) {
    if (at + entryLength > end || view.getUint32(at, true) !== entryMark)
      throw new Error("the zip directory is damaged");
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    placed.push(placeEntry(archive, view, at, name));
    at += entryLength + name + extra + comment;
  }
  placed.sort((a, b) => a.start - b.start);
  if (placed.some(({ start }, number) => number > 0 && start < placed[number - 1].end))
    throw new Error("zip entries overlap");
  return placed.map(({ entry }) => entry);
}

/**
 * @returns the entry's bytes; a view of the archive where they are stored as they are
 * @throws Error if it inflates to another length than it claims; no more memory than that is taken
 */
export async function unpackEntry({ name, bytes, isPacked, stored }: ZipEntry): Promise<Uint8Array> {
  if (!isPacked) return stored;
  const inflated = await promisify(inflateRaw)(stored, { maxOutputLength: Math.max(1, bytes) });
  if (inflated.length !== bytes)
    throw new Error(`${name} inflates to ${inflated.length} bytes, not ${bytes}`);
  return inflated;
}

interface PlacedEntry {
  readonly entry: ZipEntry;
  /** Of its header, and behind its last byte. */
  readonly start: number;
  readonly end: number;
}

/** Where the record at the archive's end begins. */
function findEnd(view: DataView): number {
  const last = view.byteLength - endLength;
  for (let at = last; at >= Math.max(0, last - longestComment); at--)
    if (view.getUint32(at, true) === endMark) return at;
  throw new Error("no zip archive");
}

/** @param at where the directory describes it */
function placeEntry(archive: Uint8Array, view: DataView, at: number, nameLength: number): PlacedEntry {
  const name = new TextDecoder().decode(archive.subarray(at + entryLength, at + entryLength + nameLength));
  const isEncrypted = (view.getUint16(at + 8, true) & 1) === 1;
  const method = view.getUint16(at + 10, true);
  const [packedBytes, bytes] = [20, 24].map((offset) => view.getUint32(at + offset, true));
  const start = view.getUint32(at + 42, true);
  if (isEncrypted || (method !== 0 && method !== 8))
    throw new Error(`${name} is encrypted or packed otherwise`);
  if (start + headerLength > view.byteLength || view.getUint32(start, true) !== headerMark)
    throw new Error(`the header of ${name} is damaged`);
  const from = start + headerLength + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  const end = from + packedBytes;
  const stored = archive.subarray(from, end);
  if (end > view.byteLength) throw new Error(`${name} is cut short`);
  return { entry: { name, bytes, isPacked: method === 8, stored }, start, end };
}
