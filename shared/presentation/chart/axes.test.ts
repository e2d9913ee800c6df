import { expect, test } from "vitest";
import { backbone, charted } from "../testing/test-plans.ts";
import { axes, backbonePlace, placeOf, planPlace } from "./axes.ts";

test("a plan stands where its figures say, or the search's own as long as they hold", () => {
  const known = charted("a", 0.9, 1);
  expect(placeOf(known, axes.p95, null)).toEqual({ x: 2, y: 0.9 });
  expect(placeOf(known, axes.bytes, null)).toEqual({ x: 600, y: 0.9 });
  const unknown = { ...known, figures: null };
  expect(placeOf(unknown, axes.mean, "mean")).toEqual({ x: 1, y: 0.9 });
  expect(placeOf(unknown, axes.p95, "mean")).toBeNull();
  expect(placeOf(unknown, axes.mean, null)).toBeNull();
});

test("backbone and reference models stand by the same costs; the backbone takes equally long whatever is asked", () => {
  const known = { accuracy: 0.85, latencyMs: { mean: 1, p50: 2, p95: 3 }, macs: 40, bytes: 50 };
  expect(planPlace(known, axes.p95)).toEqual({ x: 3, y: 0.85 });
  expect(backbonePlace(backbone, axes.p95)).toEqual({ x: 2, y: 0.9 });
  expect(backbonePlace(backbone, axes.macs)).toEqual({ x: 1000, y: 0.9 });
});
