import { expect, test } from "vitest";
import { frontFile } from "../testing/test-plans.ts";
import {
  type HypervolumeHistory,
  hypervolumeDomain,
  maxSamples,
  withProgress,
  withResults,
} from "./hypervolume-history.ts";

const progress = (algorithm: string, seconds: number, hypervolume: number) => ({
  algorithm,
  seconds,
  evaluations: 10 * seconds,
  hypervolume,
});

test("samples line up by time per algorithm; one that isn't later takes the last one's place", () => {
  let history: HypervolumeHistory = new Map();
  history = withProgress(history, progress("exact", 1, 0.3));
  history = withProgress(history, progress("exact", 2, 0.4));
  history = withProgress(history, progress("exact", 2, 0.45));
  history = withProgress(history, progress("nsga2", 0.5, 0.2));
  expect([...history.keys()]).toEqual(["exact", "nsga2"]);
  expect(history.get("exact")!.map(({ hypervolume }) => hypervolume)).toEqual([0.3, 0.45]);
});

test("a long search keeps its first and last sample and at most as many as are drawn", () => {
  let history: HypervolumeHistory = new Map();
  for (let seconds = 1; seconds <= 1000; seconds++)
    history = withProgress(history, progress("exact", seconds, seconds / 1000));
  const samples = history.get("exact")!;
  expect(samples.length).toBeLessThanOrEqual(maxSamples);
  expect(samples[0].seconds).toBe(1);
  expect(samples.at(-1)!.seconds).toBe(1000);
});

test("results end the curves, also of searches that nobody watched", () => {
  const history = withProgress(new Map(), progress("exact", 1, 0.3));
  const ended = withResults(history, frontFile());
  expect(ended.get("exact")!.map(({ seconds, hypervolume }) => [seconds, hypervolume])).toEqual([
    [1, 0.3],
    [2, 0.5],
  ]);
  expect(ended.get("nsga2")).toHaveLength(1);
});

test("the domain tells the ends apart", () => {
  // Ends 0.4 and 0.5: 0.6 of their distance is 0.06; twice that below, half of it above.
  const [low, high] = hypervolumeDomain(withResults(new Map(), frontFile()));
  expect(low).toBeCloseTo(0.28, 12);
  expect(high).toBeCloseTo(0.53, 12);
  expect(hypervolumeDomain(new Map())).toEqual([0, 1]);
});
