import { expect, test } from "vitest";
import { decodeBits, encodeBits } from "./bit-text.ts";

test("four bits are a letter, the first the highest", () => {
  expect(encodeBits([1, 0, 1, 0, 1, 1])).toBe("ac");
  expect(decodeBits("ac", 6)).toEqual(Uint8Array.of(1, 0, 1, 0, 1, 1));
  expect(encodeBits([])).toBe("");
});

test("text of another length is not that many bits", () => {
  expect(decodeBits("ac", 4)).toBeUndefined();
  expect(decodeBits("ac", 9)).toBeUndefined();
});
