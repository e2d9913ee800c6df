import { expect, test } from "vitest";
import { backbone, charted } from "../testing/test-plans.ts";
import { axes, backbonePlace, knownAxes, placeOf, planPlace, shownAxis } from "./axes.ts";

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

test("energy is an axis where it is known of the backbone, and a plan stands there where it is known of the plan", () => {
  const counted = { ...backbone, energyMillijoules: 40 };
  expect(backbonePlace(counted, axes.energy)).toEqual({ x: 40, y: 0.9 });
  expect(knownAxes(counted).map(({ id }) => id)).toEqual(["mean", "p50", "p95", "energy", "macs", "bytes"]);
  expect(knownAxes(backbone).map(({ id }) => id)).not.toContain("energy");
  expect([shownAxis("energy", counted).id, shownAxis("energy", backbone).id]).toEqual(["energy", "mean"]);
  const plan = charted("a", 0.9, 1);
  expect(placeOf(plan, axes.energy, null)).toBeNull();
  const known = { ...plan, figures: { ...plan.figures, energyMillijoules: 12 } };
  expect(placeOf(known, axes.energy, null)).toEqual({ x: 12, y: 0.9 });
  const stated = { ...plan, figures: null, stated: { accuracy: 0.9, latencyMs: 1, energyMillijoules: 13 } };
  expect(placeOf(stated, axes.energy, "energy")).toEqual({ x: 13, y: 0.9 });
  // A front of latencies says nothing of energies, nor the other way round.
  expect(placeOf(stated, axes.energy, "mean")).toBeNull();
  expect(placeOf(stated, axes.mean, "energy")).toBeNull();
});
