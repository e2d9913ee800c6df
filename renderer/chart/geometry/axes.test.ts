import { expect, test } from "vitest";
import { charted } from "../../../shared/presentation/testing/test-plans.ts";
import {
  axes,
  createScale,
  domainAround,
  domainOfAll,
  including,
  moved,
  percentLabels,
  placeOf,
  speedUpTicks,
  tickLabels,
  ticksOf,
  zoomed,
} from "./axes.ts";

test("a plan stands where its figures say, or the search's own as long as they hold", () => {
  const known = charted("a", 0.9, 1);
  expect(placeOf(known, axes.p95, null)).toEqual({ x: 2, y: 0.9 });
  expect(placeOf(known, axes.bytes, null)).toEqual({ x: 600, y: 0.9 });
  const unknown = { ...known, figures: null };
  expect(placeOf(unknown, axes.mean, "mean")).toEqual({ x: 1, y: 0.9 });
  expect(placeOf(unknown, axes.p95, "mean")).toBeNull();
  expect(placeOf(unknown, axes.mean, null)).toBeNull();
});

test("the domain keeps to what lies about the key points", () => {
  const key = [{ x: 2, y: 0.9 }];
  const near = { x: 0.5, y: 0.89 };
  // 0.03 below the best is the least range; 1.15 times the costliest key point is the end.
  const { x, y } = domainAround(key, [near, { x: 1, y: 0.5 }, { x: 2.31, y: 0.9 }], false);
  expect(x[0]).toBe(0);
  expect(x[1]).toBeCloseTo(2 + 0.06 * 1.5, 10);
  expect(y[0]).toBeCloseTo(0.89 - 0.06 * 0.01, 10);
  expect(y[1]).toBeCloseTo(0.9 + 0.06 * 0.01, 10);
});

test("a logarithmic domain has no zero, and one point alone has room about it", () => {
  expect(
    domainOfAll(
      [
        { x: 1, y: 0.9 },
        { x: 100, y: 0.8 },
      ],
      true,
    ).x[0],
  ).toBeCloseTo(100 ** -0.06, 10);
  const alone = domainOfAll([{ x: 2, y: 0.9 }], true);
  expect(alone.x[0]).toBeLessThan(2);
  expect(alone.x[1]).toBeGreaterThan(2);
  expect(createScale([0, 10], [0, 100], true)(10)).toBe(100);
});

test("ticks are round on both kinds of scale", () => {
  expect(ticksOf(createScale([0, 1], [0, 400]), false, 64)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticksOf(createScale([0.1, 10], [0, 400], true), true, 64)).toEqual([0.1, 0.3, 1, 3, 10]);
  expect(tickLabels(axes.mean, [0, 0.25, 0.5])).toEqual(["0.00", "0.25", "0.50"]);
  expect(tickLabels(axes.macs, [1e6, 2e6])).toEqual(["1 M", "2 M"]);
  expect(percentLabels([0.9, 0.905])).toEqual(["90.0", "90.5"]);
});

test("speed-ups stand where the backbone's latency is divided by them, 40 px apart", () => {
  const ticks = speedUpTicks(createScale([0, 2], [0, 400]), 2);
  expect(ticks.slice(0, 3)).toEqual([
    { factor: 1, at: 400 },
    { factor: 1.25, at: 320 },
    { factor: 1.5, at: expect.closeTo(266.67, 1) },
  ]);
});

test("zooming keeps the place under the pointer, panning moves with it", () => {
  const scale = createScale([0, 10], [0, 100]);
  expect(zoomed(scale, 50, 0.5)).toEqual([2.5, 7.5]);
  expect(moved(scale, 10)).toEqual([-1, 9]);
});

test("a domain reaches as far as the live plan", () => {
  const domain = { x: [0, 10], y: [0.8, 0.9] } as const;
  expect(including(domain, { x: 5, y: 0.85 })).toEqual(domain);
  const { x, y } = including(domain, { x: 12, y: 0.7 });
  expect(x).toEqual([0, 12.6]);
  expect(y[0]).toBeCloseTo(0.694, 12);
});
