import { expect, it } from "vitest";
import { binConfidences, countTicks } from "./confidence-bins.ts";

it("counts right and wrong apart, of the chosen samples only", () => {
  const confidence = Float32Array.of(0, 0.24, 0.25, 0.9, 1, 0.5);
  const correct = Uint8Array.of(1, 0, 1, 1, 1, 1);
  expect(binConfidences(confidence, correct, Int32Array.of(0, 1, 2, 3, 4), 4)).toEqual({
    right: [1, 1, 0, 2],
    wrong: [1, 0, 0, 0],
    samples: 5,
  });
});

it("keeps confidences outside 0 to 1, as a table from elsewhere may have, at the ends", () => {
  const bins = binConfidences(Float32Array.of(-0.5, 1.5), Uint8Array.of(0, 1), Int32Array.of(0, 1), 2);
  expect(bins).toEqual({ right: [0, 1], wrong: [1, 0], samples: 2 });
});

it("marks powers of ten", () => {
  expect(countTicks(4200)).toEqual([10, 100, 1000]);
  expect(countTicks(7)).toEqual([1]);
  expect(countTicks(0)).toEqual([]);
});
