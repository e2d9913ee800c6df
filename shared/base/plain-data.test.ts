import { expect, test } from "vitest";
import { samePlainData } from "./plain-data.ts";

test("plain data is the same in any order of keys, and without keys that are undefined", () => {
  expect(samePlainData({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1, e: undefined })).toBe(
    true,
  );
  expect(samePlainData({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(samePlainData([1, 2], [2, 1])).toBe(false);
});
