import { expect, test } from "vitest";
import type { Shape } from "../drawing/drawing.ts";
import { exitRateBars, exitRatesOf } from "./exit-rates.ts";

test("exits are numbered, the last output is the backbone's", () => {
  expect(exitRatesOf([0.75, 0.25])).toEqual([
    { name: "exit 1", isBackbone: false, rate: 0.75, text: "75.0 %" },
    { name: "backbone", isBackbone: true, rate: 0.25, text: "25.0 %" },
  ]);
});

test("bars are as long as their shares, predicted above measured", () => {
  const { shapes, height } = exitRateBars({ predicted: [0.5, 0.5], measured: [0.4, 0.6] }, 252);
  expect(height).toBe(92);
  expect(shapes[0].tooltip).toBe("exit 1: measured −10.00 pp against the prediction");
  const rows = (shapes[0].content as readonly Shape[]).filter(({ tag }) => tag === "path");
  // 120 px for 0.6 from 70.
  expect(rows.map(({ attributes }) => attributes.d)).toEqual(["M70,6H170V19H70Z", "M70,21H150V34H70Z"]);
});
