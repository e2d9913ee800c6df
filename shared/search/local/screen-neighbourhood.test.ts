import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { createSweepEvaluator } from "../../evaluate/reference/sweep-evaluator.ts";
import type { Sweep } from "../../evaluate/sweep.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import { referencePoint } from "../../space/reference-point.ts";
import { syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { createAdmission } from "../engine/admission.ts";
import { createCoarseProblem } from "./coarse-problem.ts";
import { createLocalArchive, type LocalArchive } from "./local-archive.ts";
import { neighbourSweeps, pairSweeps } from "./neighbourhood.ts";
import { screenNeighbourhood } from "./screen-neighbourhood.ts";

const space = syntheticSpace(seededRandom(1), { samples: 4000, positions: 8, maxExits: 4, levels: 8 });
const evaluator = createSweepEvaluator(space, "mean");
const { grid } = evaluator;

function screen(samples: number, useCase: { latency: "mean"; maxWorstMs?: number } = { latency: "mean" }) {
  const admission = createAdmission(useCase, space);
  const context = { space, grid, useCase, admission, random: seededRandom(1), noteWork: () => {} };
  const archive = createLocalArchive(space, grid);
  for (const sweep of pairSweeps(context)) archive.tell(evaluator.evaluate(sweep));
  const pairs = archive.hull().filter(({ plan }) => plan.length === 2);
  const middle = pairs[pairs.length >> 1];
  const asked = screenNeighbourhood(context, createCoarseProblem(context, samples), archive, middle);
  return { archive, asked, neighbours: [...neighbourSweeps(context, middle.plan)] };
}

/** Levels whose plans, on all samples, are below the front by more than rounding. */
function gainingLevels(archive: LocalArchive, sweep: Sweep): number[] {
  const { entries, right, latencyMs } = evaluator.evaluate(sweep);
  const gains = Array.from({ length: entries }, (_, entry) => archive.gain(right[entry], latencyMs[entry]));
  return gains.flatMap((gain, entry) => (gain > 1e-9 ? [sweep.fromLevel + entry] : []));
}

/** Of the archive with all plans of these sweeps. */
function hypervolumeWith(archive: LocalArchive, sweeps: readonly Sweep[]): number {
  const known = archive
    .plans()
    .map(({ right, latencyMs }) => ({ accuracy: right / space.samples, latencyMs }));
  const swept = sweeps.flatMap((sweep) => {
    const { entries, right, latencyMs } = evaluator.evaluate(sweep);
    return Array.from(right.subarray(0, entries), (plan, entry) => ({
      accuracy: plan / space.samples,
      latencyMs: latencyMs[entry],
    }));
  });
  return hypervolume([...known, ...swept], referencePoint(space));
}

function wholeSweep(sweep: Sweep): Sweep {
  return { ...sweep, fromLevel: 0, toLevel: grid[sweep.candidate].length };
}

test("with all samples it asks for every sweep that gains, at the levels that do", () => {
  const { archive, asked, neighbours } = screen(space.samples);
  const gaining = (sweeps: Sweep[]) => sweeps.filter((sweep) => gainingLevels(archive, sweep).length > 0);
  expect(gaining(asked).map(wholeSweep)).toEqual(gaining(neighbours));
  expect(gaining(asked).length).toBeGreaterThan(4);
  expect(gaining(asked).length).toBeLessThan(neighbours.length);
  for (const sweep of gaining(asked))
    expect(gainingLevels(archive, sweep)).toEqual(gainingLevels(archive, wholeSweep(sweep)));
});

test("few samples ask for what on all of them takes as long as they did, in order, and that gains", () => {
  const { archive, asked, neighbours } = screen(1000);
  // 20 sweeps of 1000 samples, each worth a thousand more to begin with, over 4000.
  expect([neighbours.length, asked.length]).toEqual([20, 10]);
  const places = asked.map((sweep) =>
    neighbours.findIndex((other) => isDeepStrictEqual(other, wholeSweep(sweep))),
  );
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  const before = hypervolumeWith(archive, []);
  const gained = hypervolumeWith(archive, asked) - before;
  expect(gained).toBeGreaterThan(0.8 * (hypervolumeWith(archive, neighbours) - before));
  expect(gained).toBeGreaterThan(0);
});

test("one sweep in any case, though nothing is estimated to gain", () => {
  const { asked, neighbours } = screen(100, { latency: "mean", maxWorstMs: 0.001 });
  expect(asked).toEqual([neighbours[0]]);
});
