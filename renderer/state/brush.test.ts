import { expect, test } from "vitest";
import { planColumns } from "../../shared/presentation/plans/plan-columns.ts";
import { charted } from "../../shared/presentation/testing/test-plans.ts";
import { type Brush, type BrushReading, brushed, isBrushed, noBrush, rectangleBetween } from "./brush.ts";

const plans = [charted("a", 0.8, 0.5), charted("b", 0.85, 1), charted("c", 0.9, 2)];
type TestPlan = (typeof plans)[number];

const reading: BrushReading<TestPlan> = {
  placeOf: ({ figures }) => ({ x: figures.latencyMs.mean, y: figures.accuracy }),
  valueAt: (plan, id) =>
    id === "accuracy"
      ? planColumns.accuracy.of(plan.figures)
      : id === "early"
        ? planColumns.early.of(plan.figures)
        : null,
  wordsAt: ({ id }, column) => (column === "places" ? `after ${id}` : ""),
  isMet: ({ figures }) => figures.latencyMs.mean <= 1,
};

const left = (brush: Partial<Brush>, how = reading) =>
  brushed(plans, { ...noBrush, ...brush }, how).map(({ id }) => id);

test("a rectangle and ranges narrow the plans together", () => {
  expect(left({})).toEqual(["a", "b", "c"]);
  const rectangle = rectangleBetween({ x: 2, y: 0.95 }, { x: 0.9, y: 0.8 });
  expect(rectangle).toEqual({ x: [0.9, 2], y: [0.8, 0.95] });
  expect(left({ rectangle })).toEqual(["b", "c"]);
  expect(left({ rectangle, ranges: new Map([["accuracy", [0.89, 1] as const]]) })).toEqual(["c"]);
  expect(left({ ranges: new Map([["early", [0.7, 0.8] as const]]) })).toEqual(["a", "b", "c"]);
  expect(left({ ranges: new Map([["unknown", [0, 1] as const]]) })).toEqual([]);
});

test("words have to be in a name, and plans may have to meet the use case", () => {
  expect(left({ words: new Map([["places", "B After"]]) })).toEqual(["b"]);
  expect(left({ words: new Map([["unknown", "b"]]) })).toEqual([]);
  expect(left({ isMeeting: true })).toEqual(["a", "b"]);
  expect(left({ isMeeting: true, words: new Map([["places", "c"]]) })).toEqual([]);
});

test("plans that the chart doesn't place are outside a rectangle", () => {
  const rectangle = { x: [0, 9], y: [0, 1] } as const;
  expect(left({ rectangle }, { ...reading, placeOf: () => null })).toEqual([]);
});

test("whatever narrows the plans is told from nothing", () => {
  expect(isBrushed(noBrush)).toBe(false);
  expect(isBrushed({ ...noBrush, rectangle: { x: [0, 9], y: [0, 1] } })).toBe(true);
  expect(isBrushed({ ...noBrush, words: new Map([["places", "c"]]) })).toBe(true);
  expect(isBrushed({ ...noBrush, isMeeting: true })).toBe(true);
});
