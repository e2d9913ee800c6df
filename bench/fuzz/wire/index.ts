import type { Random } from "../../../shared/base/random.ts";
import { randomInteger } from "../../../shared/base/random.ts";
import { between, manyTimes, pick } from "../drawing/draw.ts";
import type { Mutator } from "../mutator.ts";
import { changeField } from "./change-field.ts";
import { joinBytes, lengthDelimited, varint, type WireField, wireKey, wireMessage } from "./wire-fields.ts";

/** Bytes that are to be damaged. */
export interface WireSubject {
  bytes: Uint8Array;
}

function onField(
  id: string,
  change: (field: WireField, random: Random, whole: Uint8Array) => Uint8Array,
): Mutator<WireSubject> {
  return {
    id,
    mutate: (subject, random) => {
      const changed = changeField(subject.bytes, random, (field) => change(field, random, subject.bytes));
      if (changed) subject.bytes = changed;
      return changed !== undefined;
    },
  };
}

function valueBytes({ bytes, valueStart }: WireField): Uint8Array {
  return bytes.subarray(valueStart);
}

const flipBytes: Mutator<WireSubject> = {
  id: "flip-bytes",
  mutate: (subject, random) => {
    if (subject.bytes.length === 0) return false;
    subject.bytes = subject.bytes.slice();
    for (let count = between(random, 1, 8); count > 0; count--)
      subject.bytes[randomInteger(random, subject.bytes.length)] ^= 1 << randomInteger(random, 8);
    return true;
  },
};

const truncate: Mutator<WireSubject> = {
  id: "truncate",
  mutate: (subject, random) => {
    if (subject.bytes.length === 0) return false;
    subject.bytes = subject.bytes.slice(0, randomInteger(random, subject.bytes.length));
    return true;
  },
};

const splice: Mutator<WireSubject> = {
  id: "splice",
  mutate: (subject, random) => {
    const { bytes } = subject;
    if (bytes.length < 2) return false;
    const [from, to] = [randomInteger(random, bytes.length), randomInteger(random, bytes.length)];
    const piece = bytes.subarray(from, from + between(random, 1, 200));
    subject.bytes = joinBytes([bytes.subarray(0, to), piece, bytes.subarray(to)]);
    return true;
  },
};

/** A varint may be written in more bytes than it needs. */
const stretchVarint = onField("stretch-varint", (field) => {
  if (field.type !== 0) return field.bytes;
  const value = [...valueBytes(field)];
  const last = value.length - 1;
  value[last] |= 0x80;
  while (value.length < 9) value.push(0x80);
  return joinBytes([wireKey(field.number, 0), Uint8Array.from([...value, 0])]);
});

const hugeVarint = onField("huge-varint", ({ number }) =>
  joinBytes([wireKey(number, 0), Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 1)]),
);

const wrongWireType = onField("wrong-wire-type", ({ number, type, bytes }, random) => {
  const other = pick(
    random,
    [0, 1, 2, 5].filter((each) => each !== type),
  );
  if (other === lengthDelimited) return wireMessage(number, bytes);
  const value = other === 0 ? varint(between(random, 0, 300)) : new Uint8Array(other === 1 ? 8 : 4);
  return joinBytes([wireKey(number, other), value]);
});

const unknownField = onField("unknown-field", ({ bytes }, random) =>
  joinBytes([
    bytes,
    wireMessage(pick(random, [15, 99, 19_000, 2 ** 29 - 1]), new Uint8Array(manyTimes(random, 1e5))),
  ]),
);

const group = onField("group", ({ number, bytes }, random) => {
  const depth = manyTimes(random, 20_000);
  const start = joinBytes(Array.from({ length: depth }, () => wireKey(number, 3)));
  const end = joinBytes(Array.from({ length: depth }, () => wireKey(number, 4)));
  return joinBytes([start, bytes, end]);
});

const wrongLength = onField("wrong-length", ({ number, bytes, valueStart }, random) =>
  joinBytes([
    wireKey(number, lengthDelimited),
    varint(pick(random, [0, 1, 2 ** 31 - 1, 2 ** 32, 2 ** 53])),
    bytes.subarray(valueStart),
  ]),
);

/** Length-delimited fields of a few bytes cost an object each once they are decoded. */
const repeatField = onField("repeat-field", ({ bytes }, random) => {
  const most = Math.max(1, Math.floor(2e6 / bytes.length));
  return joinBytes(Array.from({ length: manyTimes(random, Math.min(300_000, most)) }, () => bytes));
});

/** A message that holds itself, many times over. */
const nest = onField("nest", ({ number, bytes }, random) => {
  let inner = bytes;
  for (let depth = manyTimes(random, 3000); depth > 0; depth--) inner = wireMessage(number, inner);
  return inner;
});

/** A number of any repeated field that is packed takes a byte here and sixteen or more once it is decoded. */
const packedNumbers = onField("packed-numbers", ({ number }, random) =>
  wireMessage(number, new Uint8Array(manyTimes(random, 5e6)).fill(pick(random, [0, 1, 127]))),
);

const dropField = onField("drop-field", () => new Uint8Array());

const swapNumber = onField("swap-number", ({ bytes, type, number, valueStart }, random) => {
  const other = number === 1 ? 2 : pick(random, [1, number - 1, number + 1]);
  const length = type === lengthDelimited ? varint(bytes.length - valueStart) : new Uint8Array();
  return joinBytes([wireKey(other, type), length, bytes.subarray(valueStart)]);
});

/** Every way to damage an encoded protocol buffer. */
export const wireMutators: readonly Mutator<WireSubject>[] = [
  flipBytes,
  truncate,
  splice,
  stretchVarint,
  hugeVarint,
  wrongWireType,
  unknownField,
  group,
  wrongLength,
  repeatField,
  nest,
  packedNumbers,
  dropField,
  swapNumber,
];
