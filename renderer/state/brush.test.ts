import { expect, test } from "vitest";
import { dimensionValue } from "../../shared/presentation/plans/plan-columns.ts";
import { backbone, charted } from "../../shared/presentation/testing/test-plans.ts";
import { brushed, isBrushed, noBrush, rectangleBetween } from "./brush.ts";

const plans = [charted("a", 0.8, 0.5), charted("b", 0.85, 1), charted("c", 0.9, 2)];
const place = ({ figures }: (typeof plans)[number]) => ({ x: figures.latencyMs.mean, y: figures.accuracy });
const valueAt = (plan: (typeof plans)[number], id: string) => dimensionValue(plan, id, backbone);
const left = (brush: Parameters<typeof brushed>[1]) =>
  brushed(plans, brush, place, valueAt).map(({ id }) => id);

test("a rectangle and ranges narrow the plans together", () => {
  expect(left(noBrush)).toEqual(["a", "b", "c"]);
  const rectangle = rectangleBetween({ x: 2, y: 0.95 }, { x: 0.9, y: 0.8 });
  expect(rectangle).toEqual({ x: [0.9, 2], y: [0.8, 0.95] });
  expect(left({ rectangle, ranges: new Map() })).toEqual(["b", "c"]);
  expect(left({ rectangle, ranges: new Map([["accuracy", [0.89, 1] as const]]) })).toEqual(["c"]);
  expect(left({ rectangle: null, ranges: new Map([["early", [0.7, 0.8] as const]]) })).toEqual([
    "a",
    "b",
    "c",
  ]);
});

test("plans that the chart doesn't place are outside a rectangle", () => {
  const rectangle = { x: [0, 9], y: [0, 1] } as const;
  expect(brushed(plans, { rectangle, ranges: new Map() }, () => null, valueAt)).toEqual([]);
  expect(isBrushed({ rectangle, ranges: new Map() })).toBe(true);
  expect(isBrushed(noBrush)).toBe(false);
});
