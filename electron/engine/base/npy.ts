import { AppError } from "../../../shared/base/errors.ts";
import { type ByteRange, memoryRange, readBytes } from "./byte-range.ts";

/** What NumPy calls a dtype, without the byte order; all are little-endian. */
export type NpyType = keyof typeof ITEM_BYTES;

const ITEM_BYTES = {
  b1: 1,
  u1: 1,
  i1: 1,
  u2: 2,
  i2: 2,
  f2: 2,
  u4: 4,
  i4: 4,
  f4: 4,
  u8: 8,
  i8: 8,
  f8: 8,
} as const;

export type NpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** An n-dimensional array in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

/** What a .npy file says about itself, checked against its length. */
export interface NpyHeader {
  readonly type: NpyType;
  readonly shape: readonly number[];
  /** Product of the shape. */
  readonly items: number;
  readonly itemBytes: number;
  /** Where the items start. */
  readonly dataStart: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy's own headers take 64 to 128 bytes; a longer claim is a broken or hostile file. */
const LONGEST_HEADER = 65_536;
const MAX_DIMENSIONS = 32;
/** Bytes of the longest item of text; a class name takes far less. */
const LONGEST_TEXT = 4096;
const MOST_TEXTS = 2 ** 22;
const TEXTS_AT_ONCE = 1024;
const MOST_KNOWN = 65_536;

/**
 * Reads and checks the header of a .npy file, version 1 to 3.
 * @throws AppError 'data-invalid' if it is no .npy file, is cut short, or holds what can't be read
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function readNpyHeader(range: ByteRange): Promise<NpyHeader> {
  const { found, dataStart } = await readStart(range);
  return checkedHeader(found, dataStart, range);
}

async function readStart(range: ByteRange): Promise<{ found: Dictionary; dataStart: number }> {
  const { where } = range;
  if (range.length < 12) throw invalid(where, `is ${range.length} bytes long, too short for a .npy array`);
  const start = await readBytes(range, 0, 12);
  if (MAGIC.some((byte, index) => start[index] !== byte)) throw invalid(where, "is not a .npy array");
  const version = start[6];
  if (version < 1 || version > 3) throw invalid(where, `has .npy version ${version}, expected 1 to 3`);
  const view = new DataView(start.buffer);
  const textStart = version === 1 ? 10 : 12;
  const textLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (textLength > LONGEST_HEADER || textStart + textLength > range.length) {
    throw invalid(where, `claims a header of ${textLength} bytes in a file of ${range.length}`);
  }
  const text = new TextDecoder().decode(await readBytes(range, textStart, textLength));
  return { found: parseDictionary(text, where), dataStart: textStart + textLength };
}

/** An array of text, such as class names; dtype `<U5` or `|S5`. */
export interface NpyText {
  readonly shape: readonly number[];
  readonly text: readonly string[];
}

/**
 * Reads a whole array of text.
 * @returns undefined if the array holds numbers
 * @throws AppError 'data-invalid' if it is no .npy file, is cut short, or its items are longer than any name
 */
export async function readNpyText(range: ByteRange): Promise<NpyText | undefined> {
  const { found, dataStart } = await readStart(range);
  const match = /^(?:[<|]U|\|S)(\d+)$/.exec(found.descr);
  if (match === null) return undefined;
  const isWide = found.descr[1] === "U";
  const itemBytes = Number(match[1]) * (isWide ? 4 : 1);
  if (itemBytes === 0 || itemBytes > LONGEST_TEXT)
    throw invalid(range.where, `holds text of ${itemBytes} bytes an item, expected 1 to ${LONGEST_TEXT}`);
  const items = checkedItems(found, itemBytes, range, dataStart);
  if (items > MOST_TEXTS) throw invalid(range.where, `holds ${items} texts, expected at most ${MOST_TEXTS}`);
  const decode = isWide ? decodeWide : decodeNarrow;
  // Names of classes come again and again, and each takes memory once.
  const known = new Map<string, string>();
  const text: string[] = [];
  for (let first = 0; first < items; first += TEXTS_AT_ONCE) {
    const count = Math.min(TEXTS_AT_ONCE, items - first);
    const bytes = await readBytes(range, dataStart + first * itemBytes, count * itemBytes);
    for (let at = 0; at < count; at++) {
      const item = decode(bytes.subarray(at * itemBytes, (at + 1) * itemBytes));
      const kept = known.get(item) ?? item;
      if (known.size < MOST_KNOWN) known.set(kept, kept);
      text.push(kept);
    }
  }
  return { shape: found.shape, text };
}

/** Code points of four bytes, filled up with zeros. */
function decodeWide(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length;
  while (end > 0 && view.getUint32(end - 4, true) === 0) end -= 4;
  let text = "";
  for (let at = 0; at < end; at += 4) {
    const point = view.getUint32(at, true);
    text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  return text;
}

function decodeNarrow(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString("utf8");
}

/** Items that are decoded at a time where an array is gone through. */
const CHUNK_BYTES = 4 * 2 ** 20;

/**
 * An array's items some rows at a time, so that no more of it is in memory.
 * @param rowItems items that are wanted together: chunks hold a whole number of rows
 * @returns items, and the number of the row that they start with
 */
export async function* npyChunks(
  range: ByteRange,
  { type, items, itemBytes, dataStart }: NpyHeader,
  rowItems: number,
): AsyncGenerator<{ readonly data: NpyData; readonly row: number }> {
  const rows = Math.max(1, Math.floor(CHUNK_BYTES / (rowItems * itemBytes)));
  for (let start = 0; start < items; start += rows * rowItems) {
    const count = Math.min(rows * rowItems, items - start);
    const bytes = await readBytes(range, dataStart + start * itemBytes, count * itemBytes);
    yield { data: npyItems(type, bytes), row: start / rowItems };
  }
}

/** Reads a whole array. */
export async function readNpy(range: ByteRange): Promise<NpyArray & { readonly type: NpyType }> {
  const header = await readNpyHeader(range);
  const bytes = await readBytes(range, header.dataStart, header.items * header.itemBytes);
  return { type: header.type, shape: header.shape, data: npyItems(header.type, bytes) };
}

/** Decodes a .npy file that is in memory already. */
export function decodeNpy(
  bytes: Uint8Array,
  where = "array",
): Promise<NpyArray & { readonly type: NpyType }> {
  return readNpy(memoryRange(where, bytes));
}

/** Writes an array as .npy version 1; the dtype follows from the kind of typed array. */
export function encodeNpy(array: NpyArray): Uint8Array {
  const items = array.shape.reduce((product, size) => product * size, 1);
  if (items !== array.data.length) {
    throw new AppError(
      "shape-mismatch",
      `shape [${array.shape.join(", ")}] holds ${items} items, the data has ${array.data.length}`,
    );
  }
  const { data } = array;
  const header = encodeHeader(dtypeOf(data), array.shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

/** Items of one dtype as a typed array over `bytes`; half floats widen to Float32Array, booleans are 0 or 1. */
export function npyItems(type: NpyType, bytes: Uint8Array): NpyData {
  const itemBytes = ITEM_BYTES[type];
  const aligned = bytes.byteOffset % itemBytes === 0 ? bytes : bytes.slice();
  const at = [aligned.buffer, aligned.byteOffset, aligned.byteLength / itemBytes] as const;
  switch (type) {
    case "b1":
    case "u1":
      return new Uint8Array(...at);
    case "i1":
      return new Int8Array(...at);
    case "u2":
      return new Uint16Array(...at);
    case "i2":
      return new Int16Array(...at);
    case "f2":
      return Float32Array.from(new Uint16Array(...at), halfToFloat);
    case "u4":
      return new Uint32Array(...at);
    case "i4":
      return new Int32Array(...at);
    case "f4":
      return new Float32Array(...at);
    case "u8":
      return new BigUint64Array(...at);
    case "i8":
      return new BigInt64Array(...at);
    case "f8":
      return new Float64Array(...at);
  }
}

/** IEEE 754 half precision, given as its 16 bits. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

interface Dictionary {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** Parses the header's Python literal; nothing but the three known keys gets through. */
function parseDictionary(text: string, where: string): Dictionary {
  const body = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  const entry =
    /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*('[^']*'|"[^"]*"|True|False|\([\d\s,]*\))\s*(,\s*|$)/y;
  const values = new Map<string, string>();
  while (body !== undefined && entry.lastIndex < body.length) {
    const match = entry.exec(body);
    if (match === null || values.has(match[2])) break;
    values.set(match[2], match[3]);
    if (entry.lastIndex === body.length && values.size === 3) return dictionaryOf(values, where);
  }
  throw invalid(where, `has a malformed .npy header: ${JSON.stringify(text.trim().slice(0, 120))}`);
}

function dictionaryOf(values: ReadonlyMap<string, string>, where: string): Dictionary {
  const descr = values.get("descr") ?? "";
  const order = values.get("fortran_order") ?? "";
  const shape = values.get("shape") ?? "";
  if (!/^['"]/.test(descr) || !/^(True|False)$/.test(order) || !shape.startsWith("(")) {
    throw invalid(
      where,
      `has a malformed .npy header: descr ${descr}, fortran_order ${order}, shape ${shape}`,
    );
  }
  const sizes = shape
    .slice(1, -1)
    .split(",")
    .filter((size) => size.trim() !== "");
  return { descr: descr.slice(1, -1), fortranOrder: order === "True", shape: sizes.map(Number) };
}

function checkedHeader(found: Dictionary, dataStart: number, range: ByteRange): NpyHeader {
  const type = typeOf(found.descr, range.where);
  const itemBytes = ITEM_BYTES[type];
  const items = checkedItems(found, itemBytes, range, dataStart);
  return { type, shape: found.shape, items, itemBytes, dataStart };
}

/** Number of items that an array claims, checked against the bytes that it holds. */
function checkedItems(found: Dictionary, itemBytes: number, range: ByteRange, dataStart: number): number {
  const { where } = range;
  const { shape, descr } = found;
  if (shape.length > MAX_DIMENSIONS) throw invalid(where, `has ${shape.length} dimensions`);
  const items = shape.reduce((product, size) => product * size, 1);
  const held = range.length - dataStart;
  if (!Number.isSafeInteger(items * itemBytes) || items * itemBytes > held) {
    throw invalid(
      where,
      `claims shape [${shape.join(", ")}] of ${descr.slice(1)}, ${items * itemBytes} bytes, but holds ${held}: is it cut short?`,
    );
  }
  if (found.fortranOrder && shape.filter((size) => size > 1).length > 1) {
    throw invalid(where, "is in Fortran order: save it with numpy.ascontiguousarray(array)");
  }
  return items;
}

function typeOf(descr: string, where: string): NpyType {
  const type = descr.slice(1);
  if (/^[<|]/.test(descr) && type in ITEM_BYTES) return type as NpyType;
  if (descr.startsWith(">")) {
    throw invalid(where, `is big-endian (${descr}): save it with array.astype("<${type}")`);
  }
  if (type.startsWith("O")) {
    throw invalid(where, 'holds Python objects ("|O"): save numbers or text, such as array.astype(str)');
  }
  throw invalid(where, `holds items of type "${descr}", expected ${Object.keys(ITEM_BYTES).join(", ")}`);
}

function dtypeOf(data: NpyData): string {
  if (data instanceof Uint8Array) return "|u1";
  if (data instanceof Int8Array) return "|i1";
  if (data instanceof Uint16Array) return "<u2";
  if (data instanceof Int16Array) return "<i2";
  if (data instanceof Uint32Array) return "<u4";
  if (data instanceof Int32Array) return "<i4";
  if (data instanceof Float32Array) return "<f4";
  if (data instanceof Float64Array) return "<f8";
  return data instanceof BigUint64Array ? "<u8" : "<i8";
}

/** Version 1, padded with spaces so that the items start at a multiple of 64, as NumPy does. */
/**
 * The header of a file whose items are written as they come.
 * @param length bytes that it takes, whatever the shape becomes
 */
export function npyHeader(type: "u1" | "f4", shape: readonly number[], length: number): Uint8Array {
  return encodeHeader(type === "u1" ? "|u1" : "<f4", shape, length);
}

function encodeHeader(dtype: string, shape: readonly number[], atLeast = 0): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.max(atLeast, Math.ceil((10 + text.length + 1) / 64) * 64);
  const bytes = new Uint8Array(length).fill(0x20);
  bytes.set([...MAGIC, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[length - 1] = 0x0a;
  return bytes;
}

function invalid(where: string, what: string): AppError {
  return new AppError("data-invalid", `${where}: ${what}`);
}
