import type { ColumnMetaData, Compressors, SchemaTree } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { deltaBinaryUnpack, deltaLengthByteArray } from "hyparquet/src/delta.js";
import { readPlain } from "hyparquet/src/plain.js";
import { type ByteRange, readBytes } from "../../base/byte-range.ts";

/** A column that holds values itself, in one row group. */
export interface Leaf {
  readonly about: ColumnMetaData;
  /** From the root of the schema to the column. */
  readonly path: readonly SchemaTree[];
  readonly rows: number;
}

/** What hyparquet calls some values of one type. */
type Values = ReturnType<typeof readPlain>;

type PageHeader = ReturnType<typeof parquetHeader>;

/** A data page of version 1 or 2, unpacked: the levels that say which rows have a value, and the values. */
interface DataPage {
  readonly count: number;
  readonly encoding: string | undefined;
  /** Undefined where every row has a value. */
  readonly levels: Int32Array | undefined;
  readonly values: Uint8Array;
}

/**
 * Reads one value per row. The library decodes headers and values; what a page claims to hold is checked here before, for it
 * takes memory and time for whatever number stands in a file.
 * @param unpackers by codec; they keep count of what they give
 * @returns null where a row has no value; byte arrays that share the page's memory
 * @throws Error saying what is wrong with it
 * @see https://parquet.apache.org/docs/file-format/data-pages/
 */
export async function readLeaf(
  range: ByteRange,
  { about, path, rows }: Leaf,
  unpackers: Compressors,
): Promise<unknown[]> {
  if (path.some(({ element }) => element.repetition_type === "REPEATED"))
    throw new Error(`column "${about.path_in_schema.join(".")}" holds lists`);
  const depth = path.slice(1).filter(({ element }) => element.repetition_type !== "REQUIRED").length;
  const bytes = await readBytes(range, chunkStart(about), Number(about.total_compressed_size));
  const reader = { view: new DataView(bytes.buffer), offset: 0 };
  const decode = (values: Values) =>
    convert(values, {
      element: path[path.length - 1].element,
      parsers: DEFAULT_PARSERS,
      utf8: false,
    } as never);
  const read: unknown[] = [];
  let dictionary: Values | undefined;
  while (read.length < rows && reader.offset < bytes.length) {
    const header = parquetHeader(reader);
    const packed = bytes.subarray(reader.offset, reader.offset + checkedSize(header.compressed_page_size));
    reader.offset += header.compressed_page_size;
    const unpack = (part: Uint8Array, length: number) => unpacked(part, length, about.codec, unpackers);
    if (header.type === "DICTIONARY_PAGE") dictionary = decode(readDictionary(header, packed, unpack, path));
    else {
      const page = openPage(header, packed, unpack, depth, rows - read.length);
      if (page) pushRows(page, read, depth, (held) => valuesOf(page, held, dictionary, path, decode));
    }
  }
  return read;
}

function chunkStart({ dictionary_page_offset, data_page_offset }: ColumnMetaData): number {
  const data = Number(data_page_offset);
  const dictionary = Number(dictionary_page_offset ?? 0n);
  return dictionary > 0 && dictionary < data ? dictionary : data;
}

function checkedSize(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new Error(`has a page of ${size} bytes`);
}

type Unpack = (packed: Uint8Array, length: number) => Uint8Array;

function unpacked(packed: Uint8Array, length: number, codec: string, unpackers: Compressors): Uint8Array {
  const unpack = unpackers[codec as keyof Compressors];
  if (codec !== "UNCOMPRESSED" && unpack === undefined)
    throw new Error(`is packed by ${codec}, which isn't read`);
  const bytes = unpack ? unpack(packed, length) : packed;
  if (bytes.length === length) return bytes;
  throw new Error(`has a page of ${bytes.length} bytes that claims ${length}`);
}

function readDictionary(header: PageHeader, packed: Uint8Array, unpack: Unpack, path: Leaf["path"]): Values {
  const count = header.dictionary_page_header?.num_values ?? 0;
  const bytes = unpack(packed, checkedSize(header.uncompressed_page_size));
  if (count > bytes.length) throw new Error(`has a dictionary of ${count} values in ${bytes.length} bytes`);
  return plain(bytes, count, path);
}

function plain(bytes: Uint8Array, count: number, path: Leaf["path"]): Values {
  const { type, type_length: fixed } = path[path.length - 1].element;
  if (type === undefined) throw new Error("has a column without a type");
  return readPlain({ view: viewOf(bytes), offset: 0 }, type, count, fixed);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** @param depth how many of the column and what it lies in may be missing @param left rows that are still to come */
function openPage(
  header: PageHeader,
  packed: Uint8Array,
  unpack: Unpack,
  depth: number,
  left: number,
): DataPage | undefined {
  const { data_page_header: first, data_page_header_v2: second } = header;
  const about = header.type === "DATA_PAGE" ? first : header.type === "DATA_PAGE_V2" ? second : undefined;
  if (about === undefined) return undefined;
  const count = about.num_values;
  if (!(count >= 0 && count <= left)) throw new Error(`has a page of ${count} values where ${left} are left`);
  if (first) {
    const bytes = unpack(packed, checkedSize(header.uncompressed_page_size));
    if (depth === 0) return { count, encoding: first.encoding, levels: undefined, values: bytes };
    const length = viewOf(bytes).getUint32(0, true);
    const levels = readRuns(bytes.subarray(4, 4 + length), widthOf(depth), count);
    return { count, encoding: first.encoding, levels, values: bytes.subarray(4 + length) };
  }
  const { definition_levels_byte_length: length, is_compressed: isPacked, encoding } = second!;
  if (second!.repetition_levels_byte_length !== 0) throw new Error("has a page of lists");
  const levels = depth === 0 ? undefined : readRuns(packed.subarray(0, length), widthOf(depth), count);
  const rest = packed.subarray(checkedSize(length));
  const values = isPacked ? unpack(rest, checkedSize(header.uncompressed_page_size - length)) : rest;
  return { count, encoding, levels, values };
}

function widthOf(largest: number): number {
  return 32 - Math.clz32(largest);
}

/** Puts a page's rows behind those before: a value where the level says so, else null. */
function pushRows(
  { count, levels }: DataPage,
  into: unknown[],
  depth: number,
  valuesFor: (held: number) => ArrayLike<unknown>,
): void {
  const held = levels ? levels.reduce((sum, level) => sum + (level === depth ? 1 : 0), 0) : count;
  const values = valuesFor(held);
  for (let row = 0, next = 0; row < count; row++)
    into.push(levels === undefined || levels[row] === depth ? values[next++] : null);
}

function valuesOf(
  { encoding, values: bytes }: DataPage,
  count: number,
  dictionary: Values | undefined,
  path: Leaf["path"],
  decode: (values: Values) => Values,
): ArrayLike<unknown> {
  const { type } = path[path.length - 1].element;
  const reader = { view: viewOf(bytes), offset: 0 };
  switch (encoding) {
    case "PLAIN":
      return decode(plain(bytes, count, path));
    case "PLAIN_DICTIONARY":
    case "RLE_DICTIONARY": {
      const places = count === 0 ? [] : [...readRuns(bytes.subarray(1), bytes[0], count)];
      if (dictionary === undefined || places.some((place) => place >= dictionary.length))
        throw new Error("refers to a value that its dictionary doesn't hold");
      return places.map((place) => dictionary[place]);
    }
    case "RLE":
      if (type === "BOOLEAN") return [...readRuns(bytes.subarray(4), 1, count)].map((bit) => bit === 1);
      break;
    case "DELTA_BINARY_PACKED": {
      checkDelta(reader);
      const into = type === "INT32" ? new Int32Array(count) : new BigInt64Array(count);
      deltaBinaryUnpack(reader, count, into);
      return decode(into);
    }
    case "DELTA_LENGTH_BYTE_ARRAY": {
      checkDelta(reader);
      const into = new Array<Uint8Array>(count);
      deltaLengthByteArray(reader, count, into);
      return decode(into);
    }
  }
  throw new Error(
    `holds ${type} values in the encoding ${encoding}, which isn't read: write it as plain values`,
  );
}

/** Values in a block of differences, in any file that a library writes at most some thousands. */
const LARGEST_BLOCK = 65_536;

/** @throws Error if blocks claim a size that none has; the library takes memory for it */
function checkDelta({ view }: { readonly view: DataView }): void {
  const [block, place] = varint(view, 0);
  const [parts] = varint(view, place);
  if (block > 0 && block <= LARGEST_BLOCK && parts > 0 && parts <= block && block % parts === 0) return;
  throw new Error(`has blocks of ${block} values in ${parts} parts`);
}

/** @returns the number at a place, at most of 32 bits, and the place behind it */
function varint(view: DataView, start: number): [value: number, end: number] {
  let [value, at] = [0, start];
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = view.getUint8(at++);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
  throw new Error("holds a number of more than 32 bits");
}

/** Widest number that is read; a dictionary of so many values would take more than a row group may. */
const WIDEST = 24;

/**
 * Numbers of some bits each, as runs of one number or packed side by side.
 * @returns `count` numbers, whatever the runs claim
 * @throws Error, RangeError if they end early
 */
function readRuns(bytes: Uint8Array, width: number, count: number): Int32Array {
  if (!(width <= WIDEST)) throw new Error(`holds numbers of ${width} bits`);
  const into = new Int32Array(count);
  const view = viewOf(bytes);
  for (let done = 0, at = 0; done < count && width > 0; ) {
    const [header, start] = varint(view, at);
    const isPacked = header % 2 === 1;
    const some = Math.min(count - done, Math.floor(header / 2) * (isPacked ? 8 : 1));
    if (isPacked) {
      for (let place = 0; place < some; place++)
        into[done + place] = bitsAt(view, start, place * width, width);
      at = start + Math.floor(header / 2) * width;
    } else {
      const value = bitsAt(view, start, 0, Math.ceil(width / 8) * 8);
      into.fill(value, done, done + some);
      at = start + Math.ceil(width / 8);
    }
    done += some;
  }
  return into;
}

/** Up to 24 bits that start at some bit, lowest first. */
function bitsAt(view: DataView, start: number, bit: number, width: number): number {
  const first = start + (bit >> 3);
  const end = start + ((bit + width + 7) >> 3);
  let value = 0;
  for (let at = end - 1; at >= first; at--) value = value * 256 + view.getUint8(at);
  return Math.floor(value / 2 ** (bit & 7)) % 2 ** width;
}
