import { describe, expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { type CountedPoint, confidenceBins, type FieldCounts } from "../../../shared/files/field-counts.ts";
import { makeProject } from "../project/testing/test-project.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { countedPlan, monitorProject, projectOfCounts } from "./monitor-stage.ts";

const project = await makeProject();
const [plan] = project.plans;

/** All leave at the first exit, as sure as can be. */
function point(inputs: number, name: string | null = null, threshold = 0.5): CountedPoint {
  const bins = (last: number) => [...new Array<number>(confidenceBins - 1).fill(0), last];
  const exits = [
    { left: inputs, confidence: bins(inputs) },
    { left: 0, confidence: bins(0) },
  ];
  return { name, thresholds: [threshold], inputs, exits };
}

function countsOf(points: readonly CountedPoint[], counted = plan): FieldCounts {
  return {
    format: "offramp-field-counts",
    version: 1,
    manifestSha256: "0".repeat(64),
    plan: counted,
    points: [...points],
  };
}

async function monitored(counts: FieldCounts, named?: string) {
  const known = await projectOfCounts(project, counts);
  const inputs = searchInputs(known, "calibration", known.profiles[0]);
  return monitorProject({ project: known, inputs }, { counts, point: named }, silentJob);
}

describe("counts that say nothing are refused with the reason", () => {
  const [exit] = plan.exits;
  const whole = [point(2000)];

  test.each<[string, FieldCounts, RegExp]>([
    ["none yet", countsOf([]), /^the counts are empty: the export has not run yet/],
    ["too few", countsOf([point(999)]), /^the export counted 999 inputs; .* takes 1 000/],
    [
      "of another network",
      countsOf(whole, { ...plan, backboneSha256: "f".repeat(64) }),
      /^the counts are of an export of another network \(ffffffff…\) than .*; give the project/,
    ],
    ["of a plan without exits", countsOf(whole, { ...plan, exits: [] }), /has no exits.*export a plan that/],
    [
      "of exits that the project hasn't",
      countsOf(whole, { ...plan, exits: [{ ...exit, cutPoint: "elsewhere" }] }),
      /exit at elsewhere .* is not among the 2 calibrated exits/,
    ],
  ])("%s", async (_name, counts, says) => {
    await expect(monitored(counts)).rejects.toThrow(says);
  });

  test("of a point that was not counted, with those that were", async () => {
    const counts = countsOf([point(1500, "fast"), point(10)]);
    await expect(monitored(counts, "safe")).rejects.toThrow(
      /^no operating point safe was counted; those are fast$/,
    );
    await expect(monitored(counts)).rejects.toThrow(/^the export counted 10 inputs/);
  });
});

test("of several points the plan's own counts, then what was counted most", () => {
  const [own, fast, safe] = [point(10, null, 0.1), point(20, "fast", 0.2), point(30, "safe", 0.3)];
  const thresholdOf = (counts: FieldCounts, named?: string) =>
    countedPlan({ counts, point: named }).exits[0].threshold;
  expect(thresholdOf(countsOf([fast, own, safe]))).toBe(0.1);
  expect(thresholdOf(countsOf([fast, safe]))).toBe(0.3);
  expect(thresholdOf(countsOf([fast, own, safe]), "fast")).toBe(0.2);
});

test("of a calibration of two samples no thresholds are chosen, and the latency is that of the exit", async () => {
  const { latency, refitted, estimate } = await monitored(countsOf([point(5000)]));
  // Prefix 0.11 and head 0.02; neither sample leaves there.
  expect(latency.fieldMs).toBeCloseTo(0.13, 9);
  expect([estimate, refitted]).toEqual([undefined, undefined]);
});
