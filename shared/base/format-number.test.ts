import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatEnergy,
  formatFactor,
  formatMs,
  formatPercent,
  formatQuantity,
  formatSeconds,
  formatSignedEnergy,
  formatSignedMs,
  formatSignedPercent,
  formatSignedPoints,
} from "./format-number.ts";

test("shares and points", () => {
  expect(formatPercent(0.93249)).toBe("93.2 %");
  expect(formatPercent(0.785, 0)).toBe("79 %");
  expect(formatSignedPoints(0.312)).toBe("+0.31 pp");
  expect(formatSignedPoints(-0.021)).toBe("\u22120.02 pp");
  expect(formatSignedPoints(-0.0001)).toBe("0.00 pp");
  expect(formatSignedPoints(0.0001)).toBe("0.00 pp");
  expect(formatSignedPercent(4.23)).toBe("+4.2 %");
});

test("latencies", () => {
  expect([0, 0.0341, 0.612, 1.573, 15.73, 157.3].map(formatMs)).toEqual([
    "0 ms",
    "0.034 ms",
    "0.61 ms",
    "1.57 ms",
    "15.7 ms",
    "157 ms",
  ]);
  expect(formatSignedMs(0.021)).toBe("+0.021 ms");
});

test("energies", () => {
  expect([0, 0.0341, 0.0995, 0.612, 15.73, 999.4, 1573, 15_730].map(formatEnergy)).toEqual([
    "0 mJ",
    "34.1 \u00b5J",
    "0.10 mJ",
    "0.61 mJ",
    "15.7 mJ",
    "999 mJ",
    "1.57 J",
    "15.7 J",
  ]);
  expect(formatEnergy(Number.POSITIVE_INFINITY)).toBe("not known");
  expect(formatSignedEnergy(0.214)).toBe("+0.21 mJ");
  expect(formatSignedEnergy(-1500)).toBe("\u22121.50 J");
});

test("ratios, counts, sizes and durations", () => {
  expect([3.88, 1.043, 0.87, 12.34].map(formatFactor)).toEqual(["3.9x", "1.04x", "0.87x", "12.3x"]);
  expect([0, 999, 10_000, 1_234_567].map(formatCount)).toEqual(["0", "999", "10 000", "1 234 567"]);
  expect([88_200_000, 856, 1_500].map(formatQuantity)).toEqual(["88.2 M", "856", "1.50 k"]);
  expect([9.3e12, 2.345e16, 1.5e20, Number.POSITIVE_INFINITY].map(formatQuantity)).toEqual([
    "9.30 million million",
    "23 500 million million",
    "1.50 × 10^20",
    "more than can be counted",
  ]);
  expect([5e12, 2e18].map(formatBytes)).toEqual(["5 TB", "2 000 000 TB"]);
  expect([3_420_000, 12].map(formatBytes)).toEqual(["3.42 MB", "12 B"]);
  expect([0.42, 12.34, 200, 5000].map(formatSeconds)).toEqual([
    "0.42 s",
    "12.3 s",
    "3 min 20 s",
    "1 h 23 min",
  ]);
});
