import { expect, it } from "vitest";
import { curveDomain, shownEpochs, spreadLabels, tuningCurves, tuningLosses } from "./tuning-curves.ts";

const epochs = [
  { epoch: 0, of: 2, accuracies: [0.5, 0.75] },
  { epoch: 1, of: 2, loss: 0.9, accuracies: [0.625, 0.7] },
  { epoch: 2, of: 2, loss: 0.4, accuracies: [0.6875, 0.8] },
];

it("has a curve for every output, the network's own last", () => {
  expect(tuningCurves([])).toEqual([]);
  const [exit, output] = tuningCurves(epochs);
  expect(exit).toEqual({
    isOutput: false,
    points: [
      { epoch: 0, accuracy: 0.5 },
      { epoch: 1, accuracy: 0.625 },
      { epoch: 2, accuracy: 0.6875 },
    ],
    before: 0.5,
    now: 0.6875,
  });
  expect([output.isOutput, output.before, output.now]).toEqual([true, 0.75, 0.8]);
  expect(tuningCurves(epochs.slice(1))[0].before).toBeUndefined();
});

it("has the losses of the epochs that trained", () => {
  expect(tuningLosses(epochs)).toEqual([
    { epoch: 1, loss: 0.9 },
    { epoch: 2, loss: 0.4 },
  ]);
});

it("shows as many epochs as let the curves be seen", () => {
  const after = (epoch: number, of: number) => shownEpochs([{ epoch, of, accuracies: [] }]);
  expect(shownEpochs([])).toBe(1);
  expect([after(0, 2), after(3, 10), after(3, 5000), after(10, 5000)]).toEqual([2, 10, 10, 10]);
  expect([after(11, 5000), after(81, 5000), after(4000, 5000)]).toEqual([20, 160, 5000]);
});

it("of a thousand epochs draws the first, the last and some between", () => {
  const many = Array.from({ length: 1001 }, (_, epoch) => ({ epoch, of: 1000, accuracies: [epoch / 1000] }));
  const [{ points, before, now }] = tuningCurves(many);
  expect(points).toHaveLength(200);
  expect([points[0].epoch, points[1].epoch, points[199].epoch]).toEqual([0, 5, 1000]);
  expect([before, now]).toEqual([0, 1]);
});

it("gives an axis air, and no more than accuracies have", () => {
  const [low, high] = curveDomain([0.5, 0.75], 0.02, 1);
  expect([low, high]).toEqual([0.485, 0.765]);
  expect(curveDomain([0.5], 0.25, 1)).toEqual([0.375, 0.625]);
  expect(curveDomain([0.98, 1], 0.02, 1)[1]).toBe(1);
  expect(curveDomain([0, 0.01], 0.5)[0]).toBe(0);
});

it("moves labels apart only where they would cover each other", () => {
  expect(spreadLabels([40, 0, 20], 12, 100)).toEqual([40, 0, 20]);
  expect(spreadLabels([20, 22, 24], 12, 100)).toEqual([20, 32, 44]);
  // At the lower edge those above give way.
  expect(spreadLabels([95, 99, 10], 12, 100)).toEqual([88, 100, 10]);
});
