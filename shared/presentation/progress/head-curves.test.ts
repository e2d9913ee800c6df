import { expect, test } from "vitest";
import { curvePoints, depthsOf, meanPoints, nearestLine } from "./head-curves.ts";

const epoch = (number: number, accuracy: number, loss: number | null = 1) => ({
  epoch: number,
  trainLoss: 2,
  loss,
  accuracy,
});

test("a curve has a point an epoch, and none where the loss was no number", () => {
  const curve = { epochs: [epoch(1, 0.5), epoch(2, 0.75, null)] };
  expect(curvePoints(curve, "accuracy")).toEqual([
    { epoch: 1, value: 0.5 },
    { epoch: 2, value: 0.75 },
  ]);
  expect(curvePoints(curve, "loss")).toEqual([{ epoch: 1, value: 1 }]);
  expect(curvePoints(curve, "trainLoss").map(({ value }) => value)).toEqual([2, 2]);
});

test("in the mean a head that has stopped counts with what it had reached", () => {
  const stopped = { epochs: [epoch(1, 0.5)] };
  const longer = { epochs: [epoch(1, 0.25), epoch(2, 1)] };
  expect(meanPoints([stopped, longer, { epochs: [] }], "accuracy")).toEqual([
    { epoch: 1, value: 0.375 },
    { epoch: 2, value: 0.75 },
  ]);
  expect(meanPoints([], "accuracy")).toEqual([]);
});

test("depth runs from a network's first cut point to its last", () => {
  const cuts = { own: ["a", "b", "c"], further: ["a"] };
  const order = (network: string | undefined) => cuts[network === undefined ? "own" : "further"];
  const heads = [{ cutPoint: "a" }, { cutPoint: "b" }, { cutPoint: "c" }, { network: "n", cutPoint: "a" }];
  expect(depthsOf(heads, order)).toEqual([0, 0.5, 1, 0]);
  expect(depthsOf([{ cutPoint: "gone" }], order)).toEqual([0]);
});

test("the nearest line is found between its points too, within reach", () => {
  const flat = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ];
  const steep = [
    { x: 0, y: 10 },
    { x: 100, y: 110 },
  ];
  expect(nearestLine([flat, steep], { x: 50, y: 4 }, 8)).toBe(0);
  expect(nearestLine([flat, steep], { x: 50, y: 55 }, 8)).toBe(1);
  expect(nearestLine([flat, steep], { x: 50, y: 20 }, 8)).toBeUndefined();
  expect(nearestLine([[{ x: 5, y: 5 }], []], { x: 5, y: 8 }, 8)).toBe(0);
  expect(nearestLine([], { x: 0, y: 0 }, 8)).toBeUndefined();
});
