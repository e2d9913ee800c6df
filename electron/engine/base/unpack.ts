import { Readable } from "node:stream";
import { createGunzip, createInflateRaw } from "node:zlib";
import { AppError } from "../../../shared/base/errors.ts";
import { type ByteRange, readBytes } from "./byte-range.ts";

/** How bytes are packed: as a member of a zip archive, or as a .gz file. */
export type Packing = "deflate" | "gzip";

/** What is unpacked alone where only the start is asked for, such as a header. */
const HEAD_BYTES = 65_536 + 1024;
/** Packed bytes that are read at a time. */
const PIECE_BYTES = 2 ** 20;

/**
 * Packed bytes as those that they unpack to. Memory is taken for `length` bytes, and only once something behind the start
 * is asked for, so that a header can be checked before.
 * @param length how many bytes they are said to unpack to; whoever believes it has checked that there is room for them
 */
export function unpackedRange(packed: ByteRange, packing: Packing, length: number): ByteRange {
  const { where } = packed;
  let head: Promise<Uint8Array> | undefined;
  let whole: Promise<Uint8Array> | undefined;
  return {
    where,
    length,
    read: async (start, into) => {
      const end = start + into.length;
      if (end > length)
        throw new AppError(
          "file-unreadable",
          `${where}: ends at byte ${length}, expected at least ${end} bytes`,
        );
      const isAtStart = whole === undefined && end <= HEAD_BYTES && end < length;
      if (isAtStart) head ??= unpackHead(packed, packing, Math.min(HEAD_BYTES, length));
      else whole ??= unpackWhole(packed, packing, length);
      const bytes = await (isAtStart ? head! : whole!);
      into.set(bytes.subarray(start, end));
    },
  };
}

/**
 * The first bytes that packed bytes unpack to.
 * @throws AppError 'data-invalid' if they are damaged, or unpack to less
 */
export async function unpackHead(packed: ByteRange, packing: Packing, length: number): Promise<Uint8Array> {
  const into = new Uint8Array(length);
  let done = 0;
  for await (const chunk of unpacked(packed, packing)) {
    const some = chunk.subarray(0, length - done);
    into.set(some, done);
    done += some.length;
    if (done === length) return into;
  }
  throw otherLength(packed, length);
}

async function unpackWhole(packed: ByteRange, packing: Packing, length: number): Promise<Uint8Array> {
  const into = new Uint8Array(length);
  let done = 0;
  for await (const chunk of unpacked(packed, packing)) {
    if (done + chunk.length > length) throw otherLength(packed, length);
    into.set(chunk, done);
    done += chunk.length;
  }
  if (done < length) throw otherLength(packed, length);
  return into;
}

async function* unpacked(packed: ByteRange, packing: Packing): AsyncGenerator<Uint8Array> {
  const pieces = Readable.from(piecesOf(packed), { highWaterMark: 1 });
  const unpacker = packing === "gzip" ? createGunzip() : createInflateRaw();
  pieces.on("error", (error) => unpacker.destroy(error));
  try {
    yield* pieces.pipe(unpacker);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const what = `${packed.where}: is damaged and can't be unpacked (${reason})`;
    throw new AppError("data-invalid", what, {}, { cause: error });
  } finally {
    pieces.destroy();
    unpacker.destroy();
  }
}

async function* piecesOf(packed: ByteRange): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < packed.length; start += PIECE_BYTES)
    yield await readBytes(packed, start, Math.min(PIECE_BYTES, packed.length - start));
}

function otherLength({ where }: ByteRange, length: number): AppError {
  return new AppError("data-invalid", `${where}: doesn't unpack to the ${length} bytes that it claims`);
}
