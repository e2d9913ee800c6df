import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openProject } from "../electron/engine/index.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { robustnessSchema } from "../shared/files/robustness.ts";
import { summarySchema } from "../shared/files/summary.ts";
import type { PlanFigures } from "../shared/model/plan.ts";
import { finishedRun, newFolder, offramp, offrampJson, readJson, smallRun } from "./testing/command-line.ts";

let project: string;

beforeAll(async () => {
  ({ project } = await finishedRun());
});

const search = (...more: string[]) =>
  offrampJson(["search", project, "--no-compare", ...more], frontFileSchema);

test("several kinds of heads and all policies in one search, two threads, the 95th percentile, corrupted images", async () => {
  const out = join(await newFolder(), "out");
  const summary = await offrampJson(
    [
      ...smallRun(out),
      ...["--head", "gap-linear,mixed-linear", "--policy", "top1,entropy,margin", "--threads", "2"],
      ...["--latency", "p95", "--max-exits", "2", "--levels", "8", "--max-drop", "2", "--epochs", "4"],
      ...["--confidence", "0.8", "--corrupted-samples", "40"],
    ],
    summarySchema,
  );
  expect(summary.guarantee).toMatchObject({ confidence: 0.8, maxDropPp: 2, holds: true });
  const report = await readFile(join(out, "report.html"), "utf8");
  expect(report).toContain("with 80 % confidence");
  expect(report).toContain("<h2>Under shift</h2>");
  const robustness = await readJson(join(out, "robustness.json"), robustnessSchema);
  expect(robustness).toMatchObject({ samples: 40, plan: { exits: { length: summary.plan.exits.length } } });
  expect(robustness.conditions).toHaveLength(1 + 5 * 5);
  expect(summary.target.threads).toBe(2);
  expect(summary.useCase).toMatchObject({ latency: "p95", maxDropPp: 2 });
  expect(summary.outputs).toHaveLength(2 * summary.model.cutPoints + 1);
  expect(summary.plan.exits.length).toBeLessThanOrEqual(2);
  expect(summary.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  const { heads, tables, ...project } = await openProject(join(out, "project.offramp"));
  expect(project.robustness).toEqual(robustness);
  expect([...new Set(heads.map(({ kind }) => kind))].sort()).toEqual(["gap-linear", "mixed-linear"]);
  expect([...tables.test.keys()].sort()).toEqual(["entropy", "margin", "top1"]);
});

describe("search obeys", () => {
  test("--max-exits, and more exits never make a worse front", async () => {
    const volumes = [];
    for (const max of ["1", "2", "3"]) {
      const { searches, recommended } = await search("--max-exits", max);
      const exits = searches[0].front.map((point) => point.exits.length);
      expect(Math.max(...exits)).toBeLessThanOrEqual(Number(max));
      expect(recommended.exits.length).toBeLessThanOrEqual(Number(max));
      volumes.push(searches[0].hypervolume);
    }
    expect(volumes).toEqual([...volumes].sort((a, b) => a - b));
  });

  test("--algorithm, its budget and its seed", async () => {
    const args = ["--algorithm", "nsga2", "--budget", "2000"];
    const [first] = (await search(...args, "--seed", "3")).searches;
    expect(first).toMatchObject({ algorithm: "nsga2", proven: false, seed: 3 });
    expect(first.evaluations).toBeLessThanOrEqual(2000);
    expect(first.evaluations).toBeGreaterThan(500);
    const [same] = (await search(...args, "--seed", "3", "--max-drop", "0.5")).searches;
    expect(same.front).toEqual(first.front);
    const [proven] = (await search()).searches;
    expect(proven.proven).toBe(true);
    expect(first.hypervolume).toBeLessThanOrEqual(proven.hypervolume + 1e-12);
  });

  test("--goal best, which finds the front's plan for the use case", async () => {
    const wish = ["--max-drop", "1", "--max-exits", "3"];
    const front = await search(...wish);
    const best = await search(...wish, "--goal", "best");
    expect(best.recommended).toEqual(front.recommended);
    expect(best.searches[0]).toMatchObject({ goal: "best", proven: true, gap: 0 });
  });

  test("--goal best with five exits, proven as well, and no slower than with three", async () => {
    const wish = ["--max-drop", "1", "--goal", "best", "--levels", "8"];
    const three = await search(...wish, "--max-exits", "3");
    const five = await search(...wish, "--max-exits", "5");
    expect(five.searches[0]).toMatchObject({ goal: "best", proven: true, gap: 0 });
    expect(five.recommended.feasible).toBe(true);
    expect(five.recommended.figures.latencyMs.mean).toBeLessThanOrEqual(
      three.recommended.figures.latencyMs.mean,
    );
  });

  test("--refine, which makes the recommended plan no slower", async () => {
    const wish = ["--max-drop", "1", "--goal", "best", "--levels", "8"];
    const { recommended } = await search(...wish);
    const refined = (await search(...wish, "--refine")).recommended;
    expect(refined.feasible).toBe(true);
    expect(refined.figures.latencyMs.mean).toBeLessThanOrEqual(recommended.figures.latencyMs.mean);
  });

  test("--time-limit, with a valid front and the gap that is left", async () => {
    const [{ proven, gap, front }] = (
      await search("--max-exits", "6", "--levels", "256", "--time-limit", "0.2")
    ).searches;
    expect(proven).toBe(false);
    expect(gap).toBeGreaterThan(0);
    expect(gap).toBeLessThan(1);
    expect(front.length).toBeGreaterThan(1);
  });

  test("--time-limit again, which goes on where the last run stopped, on any number of threads", async () => {
    const wish = ["--max-exits", "4", "--levels", "64", "--policy", "top1,entropy,margin"];
    const runs = [];
    for (const [threads, seconds] of [
      ["1", "1"],
      ["1", "1"],
      ["2", "4"],
    ]) {
      const limits = ["--time-limit", seconds, "--search-threads", threads];
      runs.push((await search(...wish, ...limits)).searches[0]);
    }
    expect(runs.map(({ proven, stopped }) => [proven, stopped])).toEqual(runs.map(() => [false, true]));
    for (const [index, later] of runs.slice(1).entries()) {
      expect(later.evaluations).toBeGreaterThan(runs[index].evaluations);
      expect(later.seconds).toBeGreaterThan(runs[index].seconds);
      expect(later.gap).toBeLessThanOrEqual(runs[index].gap!);
      expect(later.hypervolume).toBeGreaterThanOrEqual(runs[index].hypervolume);
    }
    expect(runs[2].seconds).toBeGreaterThan(5);
  });

  test("--policy", async () => {
    const { recommended, searches } = await search("--policy", "entropy", "--max-drop", "5");
    expect(searches[0].front.length).toBeGreaterThan(1);
    for (const { policy } of searches[0].front.flatMap((point) => point.exits))
      expect(policy).toBe("entropy");
    expect(recommended.exits.length).toBeGreaterThan(0);
  });

  test("--min-accuracy and --max-latency: the fastest plan that is good enough, the best one that is fast enough", async () => {
    const [{ front }] = (await search()).searches;
    const middle = front[Math.floor(front.length / 2)];
    const floor = Math.floor(100 * middle.accuracy);
    const accurate = await search("--min-accuracy", String(floor));
    expect(accurate.recommended.feasible).toBe(true);
    const fastEnough = front.filter(({ accuracy }) => accuracy >= floor / 100 - 1e-12);
    expect(accurate.recommended.figures.latencyMs.mean).toBeCloseTo(
      Math.min(...fastEnough.map(({ latencyMs }) => latencyMs)),
      9,
    );
    const budget = middle.latencyMs * 1.0001;
    const quick = await search("--max-latency", String(budget));
    expect(quick.recommended.feasible).toBe(true);
    const within = front.filter(({ latencyMs }) => latencyMs <= budget);
    expect(quick.recommended.figures.accuracy).toBeCloseTo(
      Math.max(...within.map(({ accuracy }) => accuracy)),
      9,
    );
  });

  test.each([
    ["--max-p95", 1, ({ latencyMs }: PlanFigures) => latencyMs.p95],
    ["--max-worst", 1, ({ latencyMs }: PlanFigures) => latencyMs.worst],
    ["--max-backbone-rate", 0.01, ({ exitRates }: PlanFigures) => exitRates[exitRates.length - 1]],
  ] as const)("%s, and every plan of the front keeps to it", async (flag, unit, got) => {
    const free = await search("--max-drop", "0.5");
    const max = 0.9 * got(free.recommended.figures) + 1e-6;
    const { recommended, searches } = await search("--max-drop", "100", flag, String(max / unit));
    expect(recommended.feasible).toBe(true);
    expect(got(recommended.figures)).toBeLessThanOrEqual(max * (1 + 1e-9));
    expect(searches[0].hypervolume).toBeLessThanOrEqual(free.searches[0].hypervolume);
  });

  test("--max-worst that no plan keeps to: the nearest plan, and by how much it misses", async () => {
    const { recommended } = await search("--max-worst", "0.000001");
    expect(recommended.feasible).toBe(false);
    const [{ constraint, got }] = recommended.misses;
    expect(constraint).toBe("maxWorstMs");
    expect(got).toBe(recommended.figures.latencyMs.worst);
  });

  test("--max-memory, which counts weights and activations", async () => {
    const { backbone, heads } = await openProject(project);
    const { summary } = backbone;
    const smallest = Math.min(...heads.map(({ bytes }) => bytes));
    const max = summary.parameterBytes + summary.peakActivationBytes + smallest;
    const { recommended } = await search("--max-memory", String(max), "--max-drop", "100");
    expect(recommended.feasible).toBe(true);
    const { bytes, peakActivationBytes } = recommended.figures;
    expect(peakActivationBytes).toBe(summary.peakActivationBytes);
    expect(bytes).toBe(summary.parameterBytes + smallest);
  });

  test("--confidence, which guarantees a plan that is no faster, or says that nothing is sure", async () => {
    const wish = ["--max-drop", "10", "--max-exits", "2"];
    const plain = await search(...wish);
    const sure = await search(...wish, "--confidence", "0.9");
    expect(plain.guarantee).toBeUndefined();
    expect(sure.useCase).toMatchObject({ maxDropPp: 10, confidence: 0.9 });
    expect(sure.guarantee).toMatchObject({ confidence: 0.9, maxDropPp: 10, holds: true });
    expect(sure.guarantee!.upperBoundPp).toBeLessThanOrEqual(10);
    expect(sure.guarantee!.designSamples + sure.guarantee!.controlSamples).toBe(sure.samples);
    const { drop, ...stated } = sure.guarantee!.plain;
    expect({ ...stated, drop: plain.recommended.drop }).toEqual(plain.recommended);
    expect(drop!.upperBoundPp).toBeLessThanOrEqual(plain.recommended.drop!.upperBoundPp);
    expect(sure.recommended.figures.latencyMs.mean).toBeGreaterThanOrEqual(
      plain.recommended.figures.latencyMs.mean,
    );
    const nothing = await offramp([
      "search",
      project,
      "--no-compare",
      "--min-accuracy",
      "100",
      "--confidence",
      "0.99",
    ]);
    expect(nothing.code).toBe(0);
    expect(nothing.stdout).toMatch(
      /Guarantee: no plan, nor the backbone, is shown to keep accuracy ≥ 100\.00 % with 99 % confidence/,
    );
  });

  test("--max-bytes", async () => {
    const { backbone } = await openProject(project);
    const max = backbone.summary.parameterBytes + 60_000;
    const { recommended } = await search("--max-bytes", String(max), "--max-drop", "5");
    expect(recommended.feasible).toBe(true);
    expect(recommended.figures.bytes).toBeLessThanOrEqual(max);
  });
});
