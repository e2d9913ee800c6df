import { expect, it } from "vitest";
import { compact, factor, interval, latencies, milliseconds, percent, points, table } from "./format.ts";

it("writes shares as per cent", () => {
  expect([percent(0.9312), percent(0.9312, 2), percent(1)]).toEqual(["93.1 %", "93.12 %", "100.0 %"]);
  expect(interval([0.86251, 0.96568])).toBe("(95 %: 86.3 to 96.6)");
});

it("writes milliseconds to three digits, without exponents", () => {
  const texts = [1.5678, 0.012345, 1234.5, 2, 0].map(milliseconds);
  expect(texts).toEqual(["1.57 ms", "0.0123 ms", "1230 ms", "2 ms", "0 ms"]);
  expect(latencies({ mean: 1.2345, p50: 1, p95: 2.5, worst: 3 })).toBe("mean 1.23 ms, p50 1 ms, p95 2.5 ms");
});

it("writes percentage points, and no negative nothing", () => {
  expect([points(0.456), points(-0.456, 1), points(-0.004), points(0)]).toEqual([
    "0.46 pp",
    "-0.46 ± 1.00 pp",
    "0.00 pp",
    "0.00 pp",
  ]);
});

it("writes factors", () => {
  expect(factor(1.999)).toBe("2.00x");
});

it("writes counts to three digits with a unit", () => {
  expect([0, 999, 1000, 1234, 88_200_000, 4.1e9].map(compact)).toEqual([
    "0",
    "999",
    "1 k",
    "1.23 k",
    "88.2 M",
    "4.1 G",
  ]);
  // What rounds up to the next unit is written in it.
  expect([999_499, 999_500, 999_999_999].map(compact)).toEqual(["999 k", "1 M", "1 G"]);
});

it("aligns the first column to the left and the others to the right", () => {
  const rows = [
    ["exact", "12", "0.5 s"],
    ["nsga2", "20000", "11.0 s"],
  ];
  expect(table(["algorithm", "plans", "time"], rows)).toEqual([
    "algorithm  plans    time",
    "exact         12   0.5 s",
    "nsga2      20000  11.0 s",
  ]);
  expect(table(["a", "b"], [])).toEqual(["a  b"]);
});

it("a cell is one cell, whatever a name in it holds", () => {
  const lines = table(["tensor"], [["a\nb\u001b[1A"], ["n".repeat(200)]]);
  expect(lines).toEqual(["tensor", "a␊b␛[1A", `${"n".repeat(40)}…${"n".repeat(39)}`]);
});
