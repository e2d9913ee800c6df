import { expect, test } from "vitest";
import type { Shape } from "../drawing/drawing.ts";
import { fieldHistogram } from "./field-histogram.ts";

function bins(...counts: readonly number[]): number[] {
  return [...counts, ...new Array<number>(64 - counts.length).fill(0)];
}

const sureness = {
  field: 1000,
  calibration: 200,
  pValue: 1,
  isShifted: false,
  from: 0.5,
  differencePp: 0,
  halfWidthPp: 1,
  bins: { field: bins(0, 1000), calibration: bins(20, 180) },
};

const { shapes } = fieldHistogram(sureness, 0.5, 684);

/** The path that holds a piece of one; how wide a bin is follows from the width: (684 - 36 - 8) / 64 = 10. */
const pathWith = (piece: string) =>
  shapes.find(({ attributes }: Shape) => String(attributes.d).includes(piece))?.attributes.d;

test("shares of both are on one scale, on which a tenth is a quarter lower than all", () => {
  const [rare, usual] = shapes;
  expect(rare.tooltip).toBe("confidence 0.00 to 0.02: 0.00 % in the field, 10.00 % on calibration");
  expect(usual.tooltip).toBe("confidence 0.02 to 0.03: 100.00 % in the field, 90.00 % on calibration");
  // From 116 at the bottom, a hundredth of a per cent, to 20 at the top, all of them.
  const bars = (rare.content as readonly Shape[]).map(({ attributes }) => attributes.d);
  expect(bars[1]).toBe("M36.5,44H45.5V116H36.5Z");
});

test("the field's outline rises where it is sure, and the threshold stands where it was", () => {
  expect(pathWith("V116H46V20H56V116H66")).toMatch(/^M36,116/);
  expect(pathWith("M356,16")).toBe("M356,16V116");
});
