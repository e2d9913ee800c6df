import { expect, test } from "vitest";
import { createScale } from "../../../shared/presentation/chart/chart-scale.ts";
import { moved, zoomed } from "./zoom.ts";

test("zooming keeps the place under the pointer, panning moves with it", () => {
  const scale = createScale([0, 10], [0, 100]);
  expect(zoomed(scale, 50, 0.5)).toEqual([2.5, 7.5]);
  expect(moved(scale, 10)).toEqual([-1, 9]);
});
