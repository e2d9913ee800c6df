import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { decompress as decompressZstd } from "fzstd";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  snappyUncompress,
} from "hyparquet";
import { AppError } from "../../../../shared/base/errors.ts";
import { type ByteRange, readBytes } from "../../base/byte-range.ts";

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
const LONGEST_FOOTER = 64 * 2 ** 20;
/** What one row group may take when it is unpacked. */
const MAX_GROUP_BYTES = 2 ** 30;

/**
 * Opens a Parquet file. What its footer claims is checked against its length before anything is read by it.
 * @param maxGroupBytes what one row group may take in memory
 * @throws AppError 'data-invalid' if it is no Parquet file, is cut short, or claims what it can't hold
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function openParquet(range: ByteRange, maxGroupBytes = MAX_GROUP_BYTES): Promise<ParquetFile> {
  const file = asyncBuffer(range);
  await checkFooter(range);
  const metadata = await named(range.where, () => parquetMetadataAsync(file, { geoparquet: false }));
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
      named(range.where, () => readColumn(file, metadata, column, group, maxGroupBytes)),
  };
}

async function readColumn(
  file: AsyncBuffer,
  metadata: FileMetaData,
  column: string,
  { firstRow, rows }: RowGroup,
  maxBytes: number,
): Promise<readonly unknown[]> {
  const objects = await parquetReadObjects({
    ...{ file, metadata, columns: [column], utf8: false, geoparquet: false },
    ...{ rowStart: firstRow, rowEnd: firstRow + rows, compressors: decompressors(maxBytes) },
  });
  if (objects.length !== rows) throw new Error(`column "${column}" holds ${objects.length} of ${rows} rows`);
  return objects.map((object) => object[column]);
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
  let firstRow = 0;
  return metadata.row_groups.map((group) => {
    const rows = Number(group.num_rows);
    const bytes = group.columns.reduce(
      (sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0),
      0,
    );
    // An image takes a byte at least, so that no file has more rows than bytes.
    if (!(rows >= 0 && firstRow + rows <= range.length))
      throw invalid(range.where, `claims ${rows} rows in a file of ${range.length} bytes`);
    if (bytes > maxBytes)
      throw invalid(
        range.where,
        `has row groups of ${Math.ceil(bytes / 2 ** 20)} MiB: write it with smaller ones, such as row_group_size=1000`,
      );
    firstRow += rows;
    return { firstRow: firstRow - rows, rows, bytes };
  });
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
