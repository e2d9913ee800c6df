import { expect, test } from "vitest";
import { spreadLabels } from "./spread-labels.ts";

test("labels move apart and stay in range", () => {
  expect(spreadLabels([10, 50, 90], 20, [10, 90])).toEqual([10, 50, 90]);
  expect(spreadLabels([12, 14, 16], 20, [10, 90])).toEqual([12, 32, 52]);
  expect(spreadLabels([86, 88, 90], 20, [10, 90])).toEqual([50, 70, 90]);
  expect(spreadLabels([1, 2, 3], 60, [10, 90])).toEqual([10, 50, 90]);
  expect(spreadLabels([], 20, [10, 90])).toEqual([]);
});
