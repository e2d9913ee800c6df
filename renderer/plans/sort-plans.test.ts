import { expect, test } from "vitest";
import { planColumns } from "../../shared/presentation/plans/plan-columns.ts";
import { planRows } from "../../shared/presentation/plans/plan-rows.ts";
import { backbone, charted } from "../../shared/presentation/testing/test-plans.ts";
import { columnWidth } from "./column-widths.ts";
import { nearestLine, parallelAxes } from "./parallel-scales.ts";
import { nextSorting, sortRows } from "./sort-plans.ts";

const plans = [charted("a", 0.85, 1), charted("b", 0.9, 2), charted("c", 0.85, 0.5)];

test("plans sort by a column; equal ones keep their order", () => {
  const ids = (column: Parameters<typeof sortRows>[1], falling: boolean) =>
    sortRows(planRows(plans), column, falling, backbone).map(({ plan }) => plan.id);
  expect(ids(planColumns.mean, false)).toEqual(["c", "a", "b"]);
  expect(ids(planColumns.accuracy, true)).toEqual(["b", "a", "c"]);
  expect(ids(undefined, true)).toEqual(["c", "b", "a"]);
});

test("of what nothing is known comes last, whichever way it is sorted", () => {
  const known = {
    ...planColumns.mean,
    of: ({ accuracy }: { accuracy: number }) => (accuracy > 0.85 ? 1 : NaN),
  };
  for (const falling of [false, true])
    expect(sortRows(planRows(plans), known, falling, backbone).map(({ plan }) => plan.id)).toEqual([
      "b",
      "a",
      "c",
    ]);
});

test("a column is as wide as its heading or the longest that stands below it, names within reason", () => {
  const rows = planRows(plans);
  const measure = (text: string) => 7 * text.length;
  // "2.00 ms", and the heading's eight letters with 13 px for its arrow; 4 px on either side.
  expect(columnWidth(planColumns.mean, rows, backbone, measure, false)).toBe(49 + 8);
  expect(columnWidth(planColumns.accuracy, rows, backbone, measure, false)).toBe(56 + 13 + 8);
  // Where there is little room the heading says the unit, and what stands below it, "2.00", is shorter.
  expect(columnWidth(planColumns.accuracy, rows, backbone, measure, true)).toBe(56 + 6);
  expect(columnWidth(planColumns.mean, rows, backbone, measure, true)).toBe(28 + 6);
  const long = { ...planColumns.mean, format: () => "small 1, 2, 3, output → model 3, 14, 15" };
  expect(columnWidth(long, rows, backbone, measure, false)).toBe(184);
});

test("a heading sorts the better end first, and turns when pressed again", () => {
  const first = nextSorting({ column: "series", falling: false }, planColumns.accuracy, "accuracy");
  expect(first).toEqual({ column: "accuracy", falling: true });
  expect(nextSorting(first, planColumns.accuracy, "accuracy")).toEqual({
    column: "accuracy",
    falling: false,
  });
  expect(nextSorting(first, planColumns.mean, "mean")).toEqual({ column: "mean", falling: false });
});

test("parallel axes span the values, and the line under the pointer is found", () => {
  const axes = parallelAxes(plans, backbone, 668, 0, 100);
  const accuracy = axes.findIndex(({ id }) => id === "accuracy");
  expect(axes.map(({ left }) => left)).toEqual([34, 134, 234, 334, 434, 534, 634]);
  expect(axes[accuracy].scale(0.9)).toBe(0);
  expect(axes[accuracy].scale(0.85)).toBe(100);
  expect(axes[accuracy]).toMatchObject({ low: "85.0 %", high: "90.0 %" });
  // On the axis of mean latency (0.5 to 2 ms) 1 ms is a third of the way up.
  expect(nearestLine(plans, axes, 334, 65, 8)?.id).toBe("a");
  expect(nearestLine(plans, axes, 334, 40, 8)).toBeNull();
});
