import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { emptyBoundCounts } from "../../evaluate/reference/one-exit-sweep.ts";
import type { SweepResult } from "../../evaluate/sweep.ts";
import { syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../space/threshold-grid.ts";
import { createLocalArchive } from "./local-archive.ts";

const drawn = syntheticSpace(seededRandom(1), { samples: 10, positions: 2, maxExits: 2, levels: 5 });
// The worst classifier gets 2 of 10 right, the backbone 9 for 1 ms: the box is 8 samples by 1 ms.
const space = {
  ...drawn,
  backboneCorrect: Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 0),
  candidates: drawn.candidates.map((candidate) => ({
    ...candidate,
    correct: Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0, 0, 0),
  })),
};

function told(right: number[], latencyMs: number[]) {
  const front = createLocalArchive(space, thresholdGrid(space));
  const result: SweepResult = {
    kind: "one-exit",
    sweep: { kind: "one-exit", prefix: [], candidate: 1, fromLevel: 0, toLevel: right.length },
    rows: right.length,
    columns: 1,
    entries: right.length,
    right: Int32Array.from(right),
    latencyMs: Float64Array.from(latencyMs),
    boundCounts: emptyBoundCounts(right.length),
  };
  front.tell(result);
  return front;
}

test("keeps what nothing beats, with the levels of its exits", () => {
  const front = told([4, 6, 6, 3, 8], [0.2, 0.5, 0.6, 0.4, 0.6]);
  expect(front.plans().map(({ right, latencyMs, plan }) => [right, latencyMs, plan])).toEqual([
    [4, 0.2, [{ candidate: 1, level: 0 }]],
    [6, 0.5, [{ candidate: 1, level: 1 }]],
    [8, 0.6, [{ candidate: 1, level: 4 }]],
    [9, 1, []],
  ]);
});

test("the hull leaves out what a mixture of two others beats", () => {
  // Halfway from 4 to 8 right lies 0.4 ms, and 6 right take 0.5; the first is less often right than any classifier.
  const front = told([1, 4, 6, 8], [0.1, 0.2, 0.5, 0.6]);
  expect(front.hull().map(({ right }) => right)).toEqual([4, 8, 9]);
});

test("a gain is what a plan lies below the front, and within the box", () => {
  const front = told([4, 8], [0.2, 0.6]);
  expect(front.gain(4, 0.15)).toBeCloseTo(0.05);
  expect(front.gain(5, 0.5)).toBeCloseTo(0.1);
  expect(front.gain(5, 0.7)).toBe(0);
  expect(front.gain(10, 0.7)).toBeCloseTo(0.3);
  expect(front.gain(12, 1.5)).toBe(0);
});

test("distances are shares of the box", () => {
  const front = told([4, 8], [0.2, 0.6]);
  const [low, high] = front.plans();
  expect(front.distance(low, high)).toBeCloseTo(4 / 8 + 0.4);
});
