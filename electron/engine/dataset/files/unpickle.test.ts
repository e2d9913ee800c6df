import { expect, test } from "vitest";
import { AppError } from "../../../../shared/base/errors.ts";
import { pickledWord, unpickle } from "./unpickle.ts";

const pickle = (...bytes: number[]) => Uint8Array.from([0x80, 2, ...bytes, 0x2e]);
const read = (...bytes: number[]) => unpickle(pickle(...bytes), "a.pkl");

/** A list of what pickles hold, by protocol 2: [None, True, False, -2, 7, 300, -2**40, 1.5, "é", b"\x00", (1, 2)]. */
const EVERYTHING = [
  ...[0x5d, 0x28, 0x4e, 0x88, 0x89],
  ...[0x4a, 0xfe, 0xff, 0xff, 0xff, 0x4b, 7, 0x4d, 0x2c, 1],
  ...[0x8a, 6, 0, 0, 0, 0, 0, 0xff],
  ...[0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0],
  ...[0x58, 2, 0, 0, 0, 0xc3, 0xa9, 0x55, 1, 0, 0x4b, 1, 0x4b, 2, 0x86, 0x65],
];

test("plain values of every kind", () => {
  expect(read(...EVERYTHING)).toEqual([
    ...[null, true, false, -2, 7, 300, -(2 ** 40), 1.5, "é", Uint8Array.of(0)],
    [1, 2],
  ]);
});

test("values that are remembered are the same, and keys are text whichever way they are written", () => {
  // x = ["a"]; {b"k": x, "l": x}
  const value = read(
    0x7d,
    0x28,
    0x55,
    1,
    0x6b,
    0x5d,
    0x71,
    0,
    0x58,
    1,
    0,
    0,
    0,
    0x61,
    0x61,
    0x58,
    1,
    0,
    0,
    0,
    0x6c,
    0x68,
    0,
    0x75,
  );
  expect(value).toEqual(
    new Map([
      ["k", ["a"]],
      ["l", ["a"]],
    ]),
  );
  const map = value as Map<string, unknown>;
  expect(map.get("k")).toBe(map.get("l"));
  expect(pickledWord(Uint8Array.of(0x6b))).toBe("k");
  expect(pickledWord(3)).toBeUndefined();
  // One long name may stand in a list of names any number of times.
  expect(pickledWord(new Uint8Array(4097))).toBeUndefined();
});

const LETTERS = [0x58, 100, 0, 0, 0, ...new Uint8Array(100).fill(0x61), 0x71, 0];
const ENCODER = [0x63, ...Buffer.from("_codecs\nencode\n"), 0x71, 1];
const LATIN1 = [0x58, 6, 0, 0, 0, ...Buffer.from("latin1")];

/** An array of bytes whose shape is the float 1.5. */
const FLOAT_SHAPE = [
  ...[0x63, ...Buffer.from("numpy.core.multiarray\n_reconstruct\n"), 0x29, 0x52],
  ...[0x28, 0x4b, 1, 0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x85],
  ...[0x63, ...Buffer.from("numpy\ndtype\n"), 0x55, 2, 0x75, 0x31, 0x85, 0x52, 0x89, 0x55, 1, 0, 0x74, 0x62],
];

test.each([
  ["a name that no array needs", [0x63, ...Buffer.from("os\nsystem\n")], /refers to Python's "os\.system"/],
  [
    "a known name that isn't called",
    [0x63, ...Buffer.from("numpy\nndarray\n"), 0x29, 0x52],
    /calls numpy\.ndarray/,
  ],
  ["a call of what is no function", [0x4e, 0x29, 0x52], /calls what is no function/],
  ["a number beyond 64 bits", [0x8a, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1], /more than 64 bits/],
  ["an item of no dictionary", [0x5d, 0x4b, 1, 0x4b, 2, 0x73], /item of what is no dictionary/],
  ["a value taken from below a mark", [0x4b, 1, 0x28, 0x85], /takes a value that isn't there/],
  ["a list that wasn't started", [0x5d, 0x65], /ends a list that it didn't start/],
  ["a value that wasn't remembered", [0x68, 9], /refers to a value that isn't there/],
  ["keys that are numbers", [0x7d, 0x4b, 1, 0x4b, 2, 0x73], /keys that are no text/],
  [
    "a name as long as a book",
    [0x63, ...Buffer.from("numpy\ndtype\n"), 0x54, 0x88, 0x13, 0, 0, ...new Uint8Array(5000), 0x85, 0x52],
    /a key or name of 5000 characters/,
  ],
  ["a shape of half an image", [...FLOAT_SHAPE], /array of something else than numbers/],
  // 100 letters, remembered once and encoded twice: each a copy of its own.
  [
    "one text copied again and again",
    [...LETTERS, ...ENCODER, ...[1, 2].flatMap(() => [0x68, 1, 0x68, 0, ...LATIN1, 0x86, 0x52])],
    /unpacks to more than it holds/,
  ],
])("refuses %s", (_, bytes, message) => {
  expect(() => read(...bytes)).toThrow(message);
});

test("refuses more lists than any data set has, each of which takes a byte in the file", () => {
  const lists = Uint8Array.from([0x80, 2, ...new Array<number>(65_537).fill(0x5d), 0x2e]);
  expect(() => unpickle(lists, "a.pkl")).toThrow("a.pkl: holds more than 65536 lists and dictionaries");
  lists[2] = 0x4e;
  expect(unpickle(lists, "a.pkl")).toEqual([]);
});

test("any other damage is an error of ours, never another", () => {
  const whole = pickle(...EVERYTHING);
  for (let at = 0; at < whole.length; at++)
    for (const flip of [1, 0x10, 0xff]) {
      const damaged = whole.slice();
      damaged[at] ^= flip;
      try {
        unpickle(damaged, "a.pkl");
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }
});
