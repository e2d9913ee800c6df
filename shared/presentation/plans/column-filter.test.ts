import { expect, test } from "vitest";
import { filterText, hasWords, readFilter } from "./column-filter.ts";
import { planColumns } from "./plan-columns.ts";

const { mean, accuracy, exits, drop, macs, bytes, early } = planColumns;

test("a number alone is at most where less is better, at least where more is, else just that", () => {
  expect(readFilter("0.5", mean)).toEqual([Number.NEGATIVE_INFINITY, 0.5]);
  expect(readFilter("93", accuracy)).toEqual([0.93, Number.POSITIVE_INFINITY]);
  expect(readFilter("2", exits)).toEqual([1.5, 2.5]);
  // What is shown as 65.
  expect(readFilter("65", early)).toEqual([expect.closeTo(0.645, 12), expect.closeTo(0.655, 12)]);
});

test("signs, units, prefixes and ranges are read", () => {
  expect(readFilter("> 0.5 ms", mean)).toEqual([0.5, Number.POSITIVE_INFINITY]);
  expect(readFilter("<=93.2%", accuracy)).toEqual([Number.NEGATIVE_INFINITY, expect.closeTo(0.932, 12)]);
  expect(readFilter("−0.5", drop)).toEqual([-0.5, Number.POSITIVE_INFINITY]);
  expect(readFilter("-1..-0.5", drop)).toEqual([-1, -0.5]);
  expect(readFilter("1-0.5 ms", mean)).toEqual([0.5, 1]);
  expect(readFilter("2.5M", macs)).toEqual([Number.NEGATIVE_INFINITY, 2_500_000]);
  expect(readFilter("1 MB to 2.5 MB", bytes)).toEqual([1e6, 2.5e6]);
  expect(readFilter("= 1.5 M", macs)).toEqual([1_450_000, 1_550_000]);
});

test("what can't be read is none", () => {
  for (const text of ["", "fast", "0.5 0.6", "<", "1..", "1e3", "5T"])
    expect(readFilter(text, mean)).toBeNull();
});

test("a range that was brushed elsewhere is written so that it is read as what it is", () => {
  expect(filterText([0.645, 0.9321], accuracy)).toBe("64.5..93.21");
  expect(filterText([Number.NEGATIVE_INFINITY, 0.5], mean)).toBe("≤ 0.5");
  expect(filterText([0.93, Number.POSITIVE_INFINITY], accuracy)).toBe("≥ 93");
  expect(readFilter(filterText([0.2, 1.5], mean), mean)).toEqual([0.2, 1.5]);
  expect(readFilter(filterText([-1.25, -0.5], drop), drop)).toEqual([-1.25, -0.5]);
});

test("a name has to have all words, in whatever order and case", () => {
  expect(hasWords("Our front, NSGA-II", "nsga our")).toBe(true);
  expect(hasWords("small 1, output → model 3", "model 4")).toBe(false);
});
