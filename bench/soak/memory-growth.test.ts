import { expect, it } from "vitest";
import { growth } from "./memory-growth.ts";

it("compares the last third with the first after warm-up", () => {
  // Of twelve three are warm-up; the least of the rest's thirds are 100 and 110.
  expect(growth([10, 20, 90, 100, 190, 101, 104, 105, 106, 110, 111, 150])).toBeCloseTo(0.1, 12);
  expect(growth(Array.from({ length: 12 }, () => 80))).toBe(0);
});

it("says nothing of few samples", () => {
  expect(growth([1, 2, 3, 4, 5, 6, 7])).toBeUndefined();
  expect(growth([9, 9, 1, 1, 1, 1, 1, 1])).toBe(0);
});
