import { expect, it } from "vitest";
import { chiSquareTail, normalQuantile, normalTail } from "./chi-square.ts";

it("chi-square tails are those of tables", () => {
  // One degree: two tails of the normal; two degrees: exp(-x / 2).
  expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
  expect(chiSquareTail(10, 2)).toBeCloseTo(Math.exp(-5), 14);
  expect(chiSquareTail(27.877164871256568, 9)).toBeCloseTo(0.001, 12);
  expect(chiSquareTail(1, 4)).toBeCloseTo(1.5 * Math.exp(-0.5), 14);
  expect(chiSquareTail(0, 5)).toBe(1);
  expect(chiSquareTail(Number.POSITIVE_INFINITY, 1)).toBe(0);
  expect(chiSquareTail(Number.NaN, 1)).toBeNaN();
  // Many degrees are nearly normal: mean 1000, deviation sqrt(2000).
  expect(chiSquareTail(1000, 1000)).toBeCloseTo(0.4941, 4);
});

it("normal tails are those of tables", () => {
  expect(normalTail(1.959963984540054)).toBeCloseTo(0.025, 12);
  expect(normalTail(-1)).toBeCloseTo(0.8413447460685429, 12);
  expect(normalTail(0)).toBe(0.5);
  expect([normalTail(Number.POSITIVE_INFINITY), normalTail(Number.NEGATIVE_INFINITY)]).toEqual([0, 1]);
});

it("normal quantiles are where tails end", () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
  expect(normalQuantile(0.5)).toBeCloseTo(0, 10);
  expect(normalQuantile(0.05)).toBeCloseTo(-1.6448536269514722, 10);
});
