import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/**
 * Walks the bytes of a protobuf without decoding it, and counts what decoding would make of them: two bytes may be a
 * message of ten empty lists, and one byte a number of 48. What a file is worth in memory is known before any is taken.
 * @see https://protobuf.dev/programming-guides/encoding
 */

/** What is counted: messages by their type ("NodeProto"), values of lists by their field ("NodeProto.input"). */
export interface WireLimits {
  /** Memory that the decoded message takes, as `decodedBytes` estimates it. */
  readonly decodedBytes: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** What bytes become once decoded. */
export interface WireMeasure {
  readonly decodedBytes: number;
  /** How often there is a message or a list's value of this kind, called as in `WireLimits`. */
  count(what: string): number;
}

/** Why bytes are not to be decoded. */
export type WireFault =
  /** They are no such message, or not all of it. */
  | { readonly kind: "malformed" }
  /** Messages lie in messages, deeper than our reader follows. */
  | { readonly kind: "nested" }
  /** One of the limits on counts is passed. */
  | { readonly kind: "many"; readonly what: string; readonly most: number }
  /** A list of numbers is longer than an array can be. */
  | { readonly kind: "long" }
  | { readonly kind: "large" };

/** As deep as `fromBinary` follows messages. */
const deepest = 100;

/** V8 ends the process, rather than to throw, when an array grows past 112 813 858 items. */
const longestList = 112_000_000;

/** Estimates for V8 without compressed pointers, upper bounds; a list's items include what its growth leaves behind. */
const cost = {
  message: 88,
  field: 8,
  list: 24,
  number: 24,
  bigint: 48,
  string: 64,
  bytes: 128,
  unknown: 192,
};

/** How many bytes follow a tag, by its lowest three bits; groups (3, 4) went out of use before ONNX was made. */
const wireTypes = { varint: 0, eightBytes: 1, lengthDelimited: 2, fourBytes: 5 } as const;

interface MessagePlan {
  readonly counter: Counter;
  /** Memory of one without what is in it. */
  readonly decodedBytes: number;
  /** By field number. */
  readonly fields: (FieldPlan | undefined)[];
}

interface FieldPlan {
  readonly wireType: number;
  readonly isList: boolean;
  /** There for lists of scalars. */
  readonly counter?: Counter;
  readonly message?: MessagePlan;
  /** Memory of one value. */
  readonly decodedBytes: number;
  /** Whether several values may stand in one record. */
  readonly isPackable: boolean;
  readonly isText: boolean;
}

interface Counter {
  readonly what: string;
  /** Place of the count. */
  readonly at: number;
}

interface Scan {
  readonly data: Uint8Array;
  readonly counts: number[];
  readonly limits: WireLimits;
  readonly refuse: (fault: WireFault) => never;
  decodedBytes: number;
  /** Place of the next byte. */
  at: number;
}

/**
 * Checks that bytes are a message of a kind, and no more than is wanted. Each value has to be in its field's own wire
 * type, as everyone writes it: `fromBinary` would take it to be anyway, and lose its place.
 * @param refuse called with the first fault
 */
export function measureWire(
  schema: DescMessage,
  data: Uint8Array,
  limits: WireLimits,
  refuse: (fault: WireFault) => never,
): WireMeasure {
  const scan: Scan = { data, limits, refuse, counts: [], decodedBytes: 0, at: 0 };
  scanMessage(planOf(schema), scan, data.length, 1);
  const { counts, decodedBytes } = scan;
  return { decodedBytes, count: (what) => counts[counterOf(what).at] ?? 0 };
}

const plans = new Map<string, MessagePlan>();

function planOf(schema: DescMessage): MessagePlan {
  const known = plans.get(schema.typeName);
  if (known) return known;
  const lists = schema.fields.filter(({ fieldKind }) => fieldKind === "list").length;
  const plan: MessagePlan = {
    counter: counterOf(schema.name),
    decodedBytes: cost.message + cost.field * schema.fields.length + cost.list * lists,
    fields: [],
  };
  // Before the fields: messages hold messages of their own kind.
  plans.set(schema.typeName, plan);
  for (const field of schema.fields) plan.fields[field.number] = fieldPlan(field);
  return plan;
}

const counters = new Map<string, Counter>();

function counterOf(what: string): Counter {
  const counter = counters.get(what) ?? { what, at: counters.size };
  counters.set(what, counter);
  return counter;
}

function fieldPlan(field: DescField): FieldPlan {
  const isList = field.fieldKind === "list";
  const scalar = field.enum ? ScalarType.INT32 : field.scalar;
  const isText = scalar === ScalarType.STRING;
  const wireType = scalar === undefined ? wireTypes.lengthDelimited : wireTypeOf(scalar);
  return {
    wireType,
    isList,
    ...(field.message ? { message: planOf(field.message) } : {}),
    ...(isList && !field.message ? { counter: counterOf(`${field.parent.name}.${field.name}`) } : {}),
    decodedBytes: scalar === undefined ? 0 : scalarBytes(scalar, isList),
    isPackable: isList && wireType !== wireTypes.lengthDelimited,
    isText,
  };
}

function wireTypeOf(scalar: ScalarType): number {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return wireTypes.lengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return wireTypes.eightBytes;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return wireTypes.fourBytes;
    default:
      return wireTypes.varint;
  }
}

/** Memory of one value; a number that isn't in a list has its place in the message. */
function scalarBytes(scalar: ScalarType, isList: boolean): number {
  if (scalar === ScalarType.STRING) return cost.string;
  if (scalar === ScalarType.BYTES) return cost.bytes;
  const isLong = scalar === ScalarType.INT64 || scalar === ScalarType.UINT64;
  if (isLong) return cost.bigint;
  // An unknown value of an enumeration is kept aside.
  return isList ? cost.number : scalar === ScalarType.INT32 ? cost.unknown : 0;
}

/** @returns the numbers in the message's own lists, and in those of messages that would be merged with others */
function scanMessage(plan: MessagePlan, scan: Scan, end: number, depth: number): number {
  if (depth > deepest) scan.refuse({ kind: "nested" });
  count(scan, plan.counter, 1, plan.decodedBytes);
  let numbers = 0;
  while (scan.at < end) {
    const tag = readLength(scan);
    const field = plan.fields[tag >>> 3];
    const wireType = tag & 7;
    if (tag >>> 3 === 0) scan.refuse({ kind: "malformed" });
    if (!field) {
      take(scan, cost.unknown);
      skip(scan, wireType);
    } else if (field.message) {
      if (wireType !== field.wireType) scan.refuse({ kind: "malformed" });
      const inside = scanMessage(field.message, scan, endOfValue(scan, end), depth + 1);
      if (!field.isList) numbers += inside;
    } else if (wireType === field.wireType) {
      numbers += scanValue(field, scan);
    } else if (field.isPackable && wireType === wireTypes.lengthDelimited) {
      numbers += scanPacked(field, scan, endOfValue(scan, end));
    } else scan.refuse({ kind: "malformed" });
    if (numbers > longestList) scan.refuse({ kind: "long" });
  }
  if (scan.at !== end) scan.refuse({ kind: "malformed" });
  return numbers;
}

/** @returns the numbers that it adds to a list */
function scanValue(field: FieldPlan, scan: Scan): number {
  const start = scan.at;
  skip(scan, field.wireType);
  // Text may take two bytes a character.
  const bytes = field.decodedBytes + (field.isText ? 2 * (scan.at - start) : 0);
  if (field.counter) count(scan, field.counter, 1, bytes);
  else take(scan, bytes);
  return field.isList ? 1 : 0;
}

/** @returns the numbers that it adds to a list */
function scanPacked({ wireType, counter, decodedBytes }: FieldPlan, scan: Scan, end: number): number {
  const values = wireType === wireTypes.varint ? varintsIn(scan, end) : fixedIn(scan, end, wireType);
  count(scan, counter!, values, values * decodedBytes);
  scan.at = end;
  return values;
}

function fixedIn(scan: Scan, end: number, wireType: number): number {
  const values = (end - scan.at) / (wireType === wireTypes.eightBytes ? 8 : 4);
  if (!Number.isInteger(values)) scan.refuse({ kind: "malformed" });
  return values;
}

/** The last byte of a number is the only one below 128. */
function varintsIn(scan: Scan, end: number): number {
  const { data, at } = scan;
  if (end > at && data[end - 1] > 127) scan.refuse({ kind: "malformed" });
  let values = 0;
  for (let position = at; position < end; position++) if (data[position] < 128) values++;
  return values;
}

function endOfValue(scan: Scan, end: number): number {
  const length = readLength(scan);
  if (length > end - scan.at) scan.refuse({ kind: "malformed" });
  return scan.at + length;
}

function skip(scan: Scan, wireType: number): void {
  switch (wireType) {
    case wireTypes.varint:
      skipVarint(scan);
      break;
    case wireTypes.eightBytes:
      scan.at += 8;
      break;
    case wireTypes.lengthDelimited:
      scan.at = endOfValue(scan, scan.data.length);
      break;
    case wireTypes.fourBytes:
      scan.at += 4;
      break;
    default:
      scan.refuse({ kind: "malformed" });
  }
}

/** A number of up to 64 bits, in up to ten bytes. */
function skipVarint(scan: Scan): void {
  const { data, at } = scan;
  for (let position = at; position < at + 10; position++)
    if (data[position] < 128) {
      scan.at = position + 1;
      return;
    }
  scan.refuse({ kind: "malformed" });
}

/** A tag or a length: under 2 GB, in up to five bytes. */
function readLength(scan: Scan): number {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
    const byte = scan.data[scan.at++];
    value += (byte & 127) * factor;
    if (byte < 128) return value < 2 ** 31 ? value : scan.refuse({ kind: "malformed" });
  }
  return scan.refuse({ kind: "malformed" });
}

function count(scan: Scan, { what, at }: Counter, values: number, decodedBytes: number): void {
  const { counts, limits } = scan;
  counts[at] = (counts[at] ?? 0) + values;
  const most = limits.counts[what];
  if (most !== undefined && counts[at] > most) scan.refuse({ kind: "many", what, most });
  take(scan, decodedBytes);
}

function take(scan: Scan, decodedBytes: number): void {
  scan.decodedBytes += decodedBytes;
  if (scan.decodedBytes > scan.limits.decodedBytes) scan.refuse({ kind: "large" });
}
