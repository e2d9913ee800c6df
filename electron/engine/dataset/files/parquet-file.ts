import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { decompress as decompressZstd } from "fzstd";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type SchemaTree,
  snappyUncompress,
} from "hyparquet";
import { AppError } from "../../../../shared/base/errors.ts";
import { type ByteRange, readBytes } from "../../base/byte-range.ts";
import { readLeaf } from "./parquet-pages.ts";

/** A column at the top of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  /** Whether its values are bytes or text. */
  readonly isBytes: boolean;
  /** Names of its fields, where it is a structure. */
  readonly fields: readonly string[];
}

/** Rows that are stored together and have to be read together. */
export interface RowGroup {
  /** From 0 on. */
  readonly number: number;
  readonly firstRow: number;
  readonly rows: number;
  /** When unpacked, all columns together. */
  readonly bytes: number;
}

export interface ParquetFile {
  readonly where: string;
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly RowGroup[];
  readonly rows: number;
  /** The text that a writer left under a key of its own. */
  note(key: string): string | undefined;
  /**
   * The values of one column in a stretch of rows; a structure is an object of its fields, bytes are of their own memory.
   * @throws AppError 'data-invalid' if they can't be unpacked
   */
  read(column: string, group: RowGroup): Promise<readonly unknown[]>;
}

/** A footer describes row groups and columns, some hundred bytes each. */
const LONGEST_FOOTER = 8 * 2 ** 20;
/** Columns and structures; each is gone down to from the root. */
const MAX_COLUMNS = 4096;
/** What one row group may take when it is unpacked. */
const MAX_GROUP_BYTES = 2 ** 29;
const MAX_GROUP_ROWS = 2 ** 21;
/** Images are packed already, so that a file unpacks to little more than itself. */
const MAX_RATIO = 100;
const SMALL_BYTES = 2 ** 28;

/**
 * Opens a Parquet file. What its footer claims is checked against its length before anything is read by it.
 * @param maxGroupBytes what one row group may take in memory
 * @throws AppError 'data-invalid' if it is no Parquet file, is cut short, or claims what it can't hold
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function openParquet(range: ByteRange, maxGroupBytes = MAX_GROUP_BYTES): Promise<ParquetFile> {
  await checkFooter(range);
  return named(range.where, async () => {
    const metadata = await parquetMetadataAsync(asyncBuffer(range), { geoparquet: false });
    if (metadata.schema.length > MAX_COLUMNS)
      throw new Error(`has ${metadata.schema.length} columns, expected at most ${MAX_COLUMNS}`);
    const groups = rowGroups(metadata, range, maxGroupBytes);
    const tree = parquetSchema(metadata);
    return {
      where: range.where,
      groups,
      rows: groups.reduce((sum, { rows }) => sum + rows, 0),
      columns: tree.children.map(({ element, children }) => ({
        name: element.name,
        isBytes: element.type === "BYTE_ARRAY",
        fields: children.map((child) => child.element.name),
      })),
      note: (key) => metadata.key_value_metadata?.find((entry) => entry.key === key)?.value,
      read: (column, group) =>
        named(range.where, () => readColumn(range, tree, metadata, column, group, maxGroupBytes)),
    };
  });
}

/** @throws Error if the column isn't there, or has another number of rows than the group */
async function readColumn(
  range: ByteRange,
  tree: SchemaTree,
  metadata: FileMetaData,
  name: string,
  group: RowGroup,
  maxBytes: number,
): Promise<readonly unknown[]> {
  const column = tree.children.find(({ element }) => element.name === name);
  if (column === undefined) throw new Error(`has no column "${name}"`);
  const unpackers = decompressors(Math.min(maxBytes, group.bytes));
  const read = async (path: readonly SchemaTree[]) => {
    const way = path.slice(1).map(({ element }) => element.name);
    const chunk = metadata.row_groups[group.number].columns.find(
      ({ meta_data }) => meta_data?.path_in_schema.join("\0") === way.join("\0"),
    );
    if (chunk?.meta_data === undefined) throw new Error(`has no column "${way.join(".")}"`);
    const values = await readLeaf(range, { about: chunk.meta_data, path, rows: group.rows }, unpackers);
    if (values.length === group.rows) return values;
    throw new Error(`column "${way.join(".")}" holds ${values.length} of ${group.rows} rows`);
  };
  const leaves = column.children.filter(({ children }) => children.length === 0);
  if (leaves.length === 0) return read([tree, column]);
  const fields: (readonly [string, readonly unknown[]])[] = [];
  for (const leaf of leaves) fields.push([leaf.element.name, await read([tree, column, leaf])]);
  return Array.from({ length: group.rows }, (_, row) =>
    Object.fromEntries(fields.map(([field, values]) => [field, values[row]])),
  );
}

function asyncBuffer(range: ByteRange): AsyncBuffer {
  return {
    byteLength: range.length,
    slice: async (start, end = range.length) => {
      const bytes = await readBytes(range, start, Math.max(0, Math.min(end, range.length) - start));
      return bytes.buffer as ArrayBuffer;
    },
  };
}

async function checkFooter(range: ByteRange): Promise<void> {
  const end = range.length < 12 ? new Uint8Array(8) : await readBytes(range, range.length - 8, 8);
  if (Buffer.from(end.subarray(4)).toString("latin1") !== "PAR1")
    throw invalid(range.where, "is no Parquet file, or is cut short");
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length > LONGEST_FOOTER || length + 12 > range.length)
    throw invalid(range.where, `claims a footer of ${length} bytes in a file of ${range.length}`);
}

function rowGroups(metadata: FileMetaData, range: ByteRange, maxBytes: number): RowGroup[] {
  let [firstRow, packed, unpacked] = [0, 0, 0];
  const groups = metadata.row_groups.map((group, number) => {
    const rows = Number(group.num_rows);
    const sizes = group.columns.map(({ meta_data: about }) => ({
      packed: Number(about?.total_compressed_size ?? 0),
      bytes: Number(about?.total_uncompressed_size ?? 0),
    }));
    if (sizes.some(({ packed, bytes }) => !(packed >= 0 && bytes >= 0)))
      throw invalid(range.where, "claims columns of less than no bytes");
    const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
    packed += sizes.reduce((sum, size) => sum + size.packed, 0);
    unpacked += bytes;
    // An image takes a byte at least, so that no file has more rows than bytes.
    if (!(rows >= 0 && firstRow + rows <= range.length))
      throw invalid(range.where, `claims ${rows} rows in a file of ${range.length} bytes`);
    if (bytes > maxBytes) throw tooLarge(range, `${Math.ceil(bytes / 2 ** 20)} MiB`);
    if (rows > MAX_GROUP_ROWS) throw tooLarge(range, `${rows} rows`);
    firstRow += rows;
    return { number, firstRow: firstRow - rows, rows, bytes };
  });
  if (packed > range.length)
    throw invalid(range.where, `claims columns of ${packed} bytes in a file of ${range.length}`);
  if (unpacked > SMALL_BYTES && unpacked > MAX_RATIO * range.length)
    throw invalid(
      range.where,
      `claims to unpack to ${unpacked} bytes from ${range.length}, which no images do`,
    );
  return groups;
}

function tooLarge({ where }: ByteRange, size: string): AppError {
  return invalid(where, `has row groups of ${size}: write it with smaller ones, such as row_group_size=1000`);
}

/** Unpackers that together give no more than `limit` bytes. */
function decompressors(limit: number): Compressors {
  let left = limit;
  const within =
    (unpack: (packed: Uint8Array, length: number) => Uint8Array) => (packed: Uint8Array, length: number) => {
      left -= length;
      if (!(length >= 0 && left >= 0)) throw new Error("unpacks to more than it claims");
      return unpack(packed, length);
    };
  const options = (length: number) => ({ maxOutputLength: Math.max(1, length) });
  return {
    SNAPPY: within((packed, length) => {
      const unpacked = new Uint8Array(length);
      snappyUncompress(packed, unpacked);
      return unpacked;
    }),
    GZIP: within((packed, length) => gunzipSync(packed, options(length))),
    BROTLI: within((packed, length) => brotliDecompressSync(packed, options(length))),
    // Into an array of the right length: fzstd otherwise believes the length that the packed bytes claim.
    ZSTD: within((packed, length) => decompressZstd(packed, new Uint8Array(length))),
  };
}

/** Any failure that a damaged file causes, as one clear line. */
async function named<T>(where: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof AppError) throw error;
    // The library's own refusals are plain errors; it stumbles over damaged bytes with any other.
    const isRefusal = error instanceof Error && error.constructor === Error;
    const what = isRefusal ? `can't be read (${error.message.split("\n")[0]})` : "is damaged";
    throw new AppError("data-invalid", `${where}: ${what}`, {}, { cause: error });
  }
}

function invalid(where: string, what: string): AppError {
  return new AppError("data-invalid", `${where}: ${what}`);
}
