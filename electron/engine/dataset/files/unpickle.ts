import { AppError } from "../../../../shared/base/errors.ts";

/**
 * What a pickle of data sets is made of. Python 2 wrote text and bytes alike, so text of it arrives as bytes; tuples
 * arrive as arrays.
 */
export type Pickled =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | Pickled[]
  | Map<string, Pickled>
  | PickledArray
  | PickledType
  | PickledName;

/** A NumPy array, in C order. */
export interface PickledArray {
  readonly is: "array";
  shape: readonly number[];
  /** As NumPy names it, without the byte order: "u1", "i8". */
  type: string;
  /** The items as they lie in memory, little-endian; within the pickle's own bytes where those hold them unchanged. */
  bytes: Uint8Array;
}

interface PickledType {
  readonly is: "type";
  readonly name: string;
  order: string;
}

/** A name of something of Python's: one of the few that arrays are made with. */
interface PickledName {
  readonly is: "name";
  readonly name: string;
}

/** Steps that a pickle may take: a data set of a million images takes a few million. */
const MAX_STEPS = 2 ** 22;
/** Lists, tuples and dictionaries; an array takes half a dozen, and each much more memory than its byte in the file. */
const MAX_CONTAINERS = 65_536;

/**
 * Reads a pickle, protocol 2 to 5, of plain values and NumPy arrays, as CIFAR's are. Nothing in it is run: it may refer
 * to the few functions that arrays are made with, which are written here, and is refused if it refers to any other.
 * @param where the file, for messages
 * @throws AppError 'data-invalid' if it is cut short, or holds anything but data
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export function unpickle(bytes: Uint8Array, where: string): Pickled {
  const machine = new PickleMachine(bytes);
  try {
    return machine.run();
  } catch (error) {
    if (error instanceof RangeError) throw invalid(where, "is cut short, or no pickle", error);
    if (error instanceof PickleError) throw invalid(where, error.message, error);
    throw error;
  }
}

class PickleError extends Error {}

/** The stack machine that a pickle is a program of. */
class PickleMachine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #memo = new Map<number, Pickled>();
  readonly #marks: number[] = [];
  readonly #stack: Pickled[] = [];
  readonly #text: Buffer;
  #at = 0;
  #claimed = 0;
  #containers = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): Pickled {
    if (this.#bytes[0] !== 0x80) throw new PickleError("is no pickle of protocol 2 or newer");
    for (let step = 0; step < MAX_STEPS; step++) {
      const code = this.byte();
      if (code === STOP) return this.pop();
      const operation = OPERATIONS.get(code);
      if (operation === undefined)
        throw new PickleError(`holds the pickle operation 0x${code.toString(16)}, which no plain data needs`);
      operation(this);
    }
    throw new PickleError(`takes more than ${MAX_STEPS} steps to read`);
  }

  byte(): number {
    return this.#view.getUint8(this.#at++);
  }

  /** Counts bytes that are made of a value: all together no more than the pickle has itself. */
  claim(bytes: number): void {
    this.#claimed += bytes;
    if (this.#claimed > this.#bytes.length) throw new PickleError("unpacks to more than it holds");
  }

  /** An unsigned number of 2, 4 or 8 bytes. */
  unsigned(size: 2 | 4 | 8): number {
    const at = this.#at;
    this.#at += size;
    if (size === 2) return this.#view.getUint16(at, true);
    return size === 4 ? this.#view.getUint32(at, true) : Number(this.#view.getBigUint64(at, true));
  }

  signed(): number {
    this.#at += 4;
    return this.#view.getInt32(this.#at - 4, true);
  }

  /** A big-endian double, as pickles hold floats. */
  double(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8);
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError("the pickle ends early");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(length: number): string {
    if (this.#at + length > this.#bytes.length) throw new RangeError("the pickle ends early");
    this.#at += length;
    return this.#text.toString("utf8", this.#at - length, this.#at);
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new RangeError("the pickle ends early");
    const text = this.text(end - this.#at);
    this.#at++;
    return text;
  }

  push(value: Pickled): void {
    this.#stack.push(value);
  }

  /** A new list, tuple or dictionary. */
  pushContainer(value: Pickled[] | Map<string, Pickled>): void {
    if (++this.#containers > MAX_CONTAINERS)
      throw new PickleError(`holds more than ${MAX_CONTAINERS} lists and dictionaries`);
    this.push(value);
  }

  pop(): Pickled {
    const floor = this.#marks.at(-1) ?? 0;
    if (this.#stack.length <= floor) throw new PickleError("is damaged: takes a value that isn't there");
    return this.#stack.pop()!;
  }

  top(): Pickled {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** Everything since the last mark. */
  popMark(): Pickled[] {
    const start = this.#marks.pop();
    if (start === undefined) throw new PickleError("is damaged: ends a list that it didn't start");
    return this.#stack.splice(start);
  }

  remember(key = this.#memo.size): void {
    this.#memo.set(key, this.top());
  }

  recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw new PickleError("is damaged: refers to a value that isn't there");
    this.push(value);
  }
}

const STOP = 0x2e;

type Operation = (machine: PickleMachine) => void;

/** By their codes; the comments are pickletools' names. */
const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  // PROTO, FRAME
  [0x80, (m) => checkProtocol(m.byte())],
  [0x95, (m) => void m.unsigned(8)],
  // NONE, NEWTRUE, NEWFALSE
  [0x4e, (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  // BININT, BININT1, BININT2, LONG1, BINFLOAT
  [0x4a, (m) => m.push(m.signed())],
  [0x4b, (m) => m.push(m.byte())],
  [0x4d, (m) => m.push(m.unsigned(2))],
  [0x8a, (m) => m.push(longOf(m.take(m.byte())))],
  [0x47, (m) => m.push(m.double())],
  // SHORT_BINSTRING, BINSTRING, SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
  [0x55, (m) => m.push(m.take(m.byte()))],
  [0x54, (m) => m.push(m.take(m.unsigned(4)))],
  [0x43, (m) => m.push(m.take(m.byte()))],
  [0x42, (m) => m.push(m.take(m.unsigned(4)))],
  [0x8e, (m) => m.push(m.take(m.unsigned(8)))],
  [0x96, (m) => m.push(m.take(m.unsigned(8)))],
  // SHORT_BINUNICODE, BINUNICODE, BINUNICODE8
  [0x8c, (m) => m.push(m.text(m.byte()))],
  [0x58, (m) => m.push(m.text(m.unsigned(4)))],
  [0x8d, (m) => m.push(m.text(m.unsigned(8)))],
  // EMPTY_LIST, APPEND, APPENDS
  [0x5d, (m) => m.pushContainer([])],
  [0x61, (m) => append(m, [m.pop()])],
  [0x65, (m) => append(m, m.popMark())],
  // EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE
  [0x29, (m) => m.pushContainer([])],
  [0x85, (m) => pushTuple(m, 1)],
  [0x86, (m) => pushTuple(m, 2)],
  [0x87, (m) => pushTuple(m, 3)],
  [0x74, (m) => m.pushContainer(m.popMark())],
  // EMPTY_DICT, SETITEM, SETITEMS
  [0x7d, (m) => m.pushContainer(new Map())],
  [0x73, (m) => setItems(m, [m.pop(), m.pop()].reverse())],
  [0x75, (m) => setItems(m, m.popMark())],
  // MARK, BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  [0x28, (m) => m.mark()],
  [0x71, (m) => m.remember(m.byte())],
  [0x72, (m) => m.remember(m.unsigned(4))],
  [0x94, (m) => m.remember()],
  [0x68, (m) => m.recall(m.byte())],
  [0x6a, (m) => m.recall(m.unsigned(4))],
  // GLOBAL, STACK_GLOBAL, REDUCE, BUILD
  [0x63, (m) => m.push(nameOf(m.line(), m.line()))],
  [0x93, (m) => pushName(m)],
  [0x52, (m) => call(m)],
  [0x62, (m) => build(m)],
]);

function checkProtocol(protocol: number): void {
  if (protocol < 2 || protocol > 5)
    throw new PickleError(`is a pickle of protocol ${protocol}, expected 2 to 5`);
}

/** Longest key, or name of a type or a class. */
const LONGEST_WORD = 4096;

/**
 * Text that is short by nature; that of Python 2 comes as bytes. A pickle may refer to one long value any number of times,
 * each of which would copy it.
 * @returns undefined if it is no text, or longer than any word
 */
export function pickledWord(value: Pickled | undefined): string | undefined {
  if (typeof value !== "string" && !(value instanceof Uint8Array)) return undefined;
  if (value.length > LONGEST_WORD) return undefined;
  return typeof value === "string" ? value : decodeText(value);
}

/** The same of what is short by nature. @throws PickleError if it isn't */
function shortText(value: Pickled): string | undefined {
  const length = typeof value === "string" || value instanceof Uint8Array ? value.length : 0;
  if (length > LONGEST_WORD) throw new PickleError(`holds a key or name of ${length} characters`);
  return pickledWord(value);
}

function decodeText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** A whole number of any length, little-endian, in two's complement. */
function longOf(bytes: Uint8Array): number {
  if (bytes.length > 8) throw new PickleError("holds a number of more than 64 bits");
  let value = 0n;
  for (const [place, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * place);
  return Number(BigInt.asIntN(8 * bytes.length, value));
}

function append(machine: PickleMachine, values: readonly Pickled[]): void {
  const list = machine.top();
  if (!Array.isArray(list)) throw new PickleError("is damaged: adds to what is no list");
  for (const value of values) list.push(value);
}

function pushTuple(machine: PickleMachine, length: number): void {
  const values = Array.from({ length }, () => machine.pop());
  machine.pushContainer(values.reverse());
}

function setItems(machine: PickleMachine, items: readonly Pickled[]): void {
  const map = machine.top();
  if (!(map instanceof Map)) throw new PickleError("is damaged: sets an item of what is no dictionary");
  for (let at = 0; at + 1 < items.length; at += 2) {
    const key = shortText(items[at]);
    if (key === undefined) throw new PickleError("holds a dictionary with keys that are no text");
    map.set(key, items[at + 1]);
  }
}

/** Functions and classes that NumPy's arrays are pickled with, under the names that its versions gave them. */
const KNOWN_NAMES = new Set([
  "numpy.ndarray",
  "numpy.dtype",
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
  "numpy.core.numeric._frombuffer",
  "numpy._core.numeric._frombuffer",
  "_codecs.encode",
]);

function nameOf(module: string, attribute: string): PickledName {
  const name = `${module}.${attribute}`;
  if (KNOWN_NAMES.has(name)) return { is: "name", name: name.replace("numpy._core.", "numpy.core.") };
  throw new PickleError(
    `refers to Python's ${JSON.stringify(name.slice(0, 80))}, which a file of images and labels has no use for; nothing of it was run`,
  );
}

function pushName(machine: PickleMachine): void {
  const [attribute, module] = [machine.pop(), machine.pop()].map(shortText);
  machine.push(nameOf(module ?? "", attribute ?? ""));
}

/** Stands for a call of one of the known functions. */
function call(machine: PickleMachine): void {
  const [values, called] = [machine.pop(), machine.pop()];
  if (!is(called, "name") || !Array.isArray(values))
    throw new PickleError("is damaged: calls what is no function");
  machine.push(resultOf(machine, called.name, values));
}

function resultOf(machine: PickleMachine, name: string, values: readonly Pickled[]): Pickled {
  switch (name) {
    case "numpy.core.multiarray._reconstruct":
      return { is: "array", shape: [0], type: "u1", bytes: new Uint8Array(0) };
    case "numpy.dtype":
      return { is: "type", name: shortText(values[0]) ?? "", order: "|" };
    case "numpy.core.numeric._frombuffer":
      return arrayOf(values[2], values[1], values[3] === "F", values[0]);
    case "numpy.core.multiarray.scalar":
      return scalarOf(values[0], values[1]);
    case "_codecs.encode":
      return encoded(machine, values[0], values[1]);
    default:
      throw new PickleError(`calls ${name}, which makes no array`);
  }
}

/** Bytes, which Python 3 writes as text for Python 2 to read. */
function encoded(machine: PickleMachine, text: Pickled, encoding: Pickled): Uint8Array {
  if (typeof text !== "string" || encoding !== "latin1")
    throw new PickleError("encodes text in a way that isn't known");
  machine.claim(text.length);
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** Fills in what an array or a type of numbers was made with. */
function build(machine: PickleMachine): void {
  const state = machine.pop();
  const built = machine.top();
  if (!Array.isArray(state)) throw new PickleError("is damaged: an array without a state");
  if (is(built, "type")) {
    built.order = shortText(state[1]) ?? "|";
    return;
  }
  if (!is(built, "array")) throw new PickleError("sets up something that is no array");
  const [, shape, type, isFortran, bytes] = state;
  Object.assign(built, arrayOf(shape, type, isFortran === true, bytes));
}

function arrayOf(shape: Pickled, type: Pickled, isFortran: boolean, bytes: Pickled): PickledArray {
  if (!is(type, "type") || !(bytes instanceof Uint8Array) || !isShape(shape))
    throw new PickleError("holds an array of something else than numbers");
  if (type.order === ">") throw new PickleError("holds a big-endian array: save it little-endian");
  if (isFortran && shape.filter((size) => size > 1).length > 1)
    throw new PickleError("holds an array in Fortran order: save it with numpy.ascontiguousarray(array)");
  const items = shape.reduce((product, size) => product * size, 1);
  const itemBytes = Number(/^[a-z](\d)$/.exec(type.name)?.[1] ?? 0);
  if (items * itemBytes !== bytes.length)
    throw new PickleError(
      `holds an array of shape [${shape.join(", ")}] and type "${type.name}" in ${bytes.length} bytes`,
    );
  return { is: "array", shape, type: type.name, bytes };
}

function scalarOf(type: Pickled, bytes: Pickled): number {
  const { type: name, bytes: held } = arrayOf([], type, false, bytes);
  if (name.startsWith("i")) return longOf(held);
  if (name.startsWith("u")) return longOf(Uint8Array.of(...held.subarray(0, 7), 0));
  throw new PickleError(`holds a number of type "${name}", expected a whole one`);
}

function isShape(value: Pickled): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0);
}

function is<Kind extends "array" | "type" | "name">(
  value: Pickled,
  kind: Kind,
): value is Extract<Pickled, { is: Kind }> {
  return typeof value === "object" && value !== null && "is" in value && value.is === kind;
}

/** The array that a value is. */
export function pickledArray(value: Pickled | undefined): PickledArray | undefined {
  return value !== undefined && is(value, "array") ? value : undefined;
}

function invalid(where: string, what: string, cause: Error): AppError {
  return new AppError("data-invalid", `${where}: ${what}`, {}, { cause });
}
