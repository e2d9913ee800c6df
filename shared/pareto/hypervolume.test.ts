import { expect, test } from "vitest";
import { hypervolume } from "./hypervolume.ts";

const reference = { accuracy: 0.5, latencyMs: 10 };

test("one point spans a rectangle towards the reference", () => {
  // (0.75 - 0.5) x (10 - 4) of 0.5 x 10.
  expect(hypervolume([{ accuracy: 0.75, latencyMs: 4 }], reference)).toBeCloseTo(0.3, 12);
});

test("overlap counts once and beaten points not at all", () => {
  const points = [
    { accuracy: 1, latencyMs: 8 },
    { accuracy: 0.75, latencyMs: 4 },
    { accuracy: 0.6, latencyMs: 6 },
  ];
  // 0.25 x 6 + 0.25 x 2 of 5.
  expect(hypervolume(points, reference)).toBeCloseTo(0.4, 12);
});

test("the ideal fills the box; points outside add nothing", () => {
  expect(hypervolume([{ accuracy: 1, latencyMs: 0 }], reference)).toBe(1);
  expect(hypervolume([{ accuracy: 0.4, latencyMs: 1 }], reference)).toBe(0);
  expect(hypervolume([{ accuracy: 0.9, latencyMs: 10 }], reference)).toBe(0);
  expect(hypervolume([], reference)).toBe(0);
});

test("a point above and one below the reference accuracy", () => {
  const points = [
    { accuracy: 0.4, latencyMs: 1 },
    { accuracy: 0.75, latencyMs: 4 },
  ];
  expect(hypervolume(points, reference)).toBeCloseTo(0.3, 12);
});

test("a box without area has no volume", () => {
  expect(hypervolume([{ accuracy: 1, latencyMs: 1 }], { accuracy: 1, latencyMs: 10 })).toBe(0);
});
