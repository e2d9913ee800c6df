import { expect, test } from "vitest";
import type { Shape } from "../drawing/drawing.ts";
import { reliabilityDiagram } from "./reliability-diagram.ts";

test("a bin is a dot at its confidence and accuracy, a stem to the diagonal and a bar of its samples", () => {
  const { shapes } = reliabilityDiagram([
    { confidence: 0.5, accuracy: 0.6, count: 25 },
    { confidence: 0, accuracy: 0, count: 0 },
    { confidence: 0.9, accuracy: 1, count: 75 },
  ]);
  const bins = shapes.filter(({ tag }) => tag === "g");
  expect(bins.map(({ tooltip }) => tooltip)).toEqual([
    "25 samples: confidence 50.0 %, right 60.0 %",
    "75 samples: confidence 90.0 %, right 100.0 %",
  ]);
  const [stem, dot, bar] = bins[0].content as readonly Shape[];
  // 150 px from 24 and up from 156; a quarter of all samples has a radius of 1.6 + 4/2.
  expect(stem.attributes.d).toBe("M99,81V66");
  expect(dot.attributes.d).toBe("M95.4,66a3.6,3.6 0 1 0 7.2,0a3.6,3.6 0 1 0 -7.2,0z");
  // A third as many as in the fullest bin: 8 of 24 px, in the first third of the width.
  expect(bar.attributes.d).toBe("M24,178H73V186H24Z");
});
