import { expect, test } from "vitest";
import { testGuarantee } from "../testing/test-guarantee.ts";
import { figures, frontFile } from "../testing/test-plans.ts";
import { offeredPlans } from "./plans-beside.ts";

const front = frontFile();
const recommended = { ...front.recommended, drop: { upperBoundPp: 0.93, keptProbability: 0.22 } };
const other = {
  ...front.recommended,
  figures: figures(0.9, 0.8),
  drop: { upperBoundPp: 0.46, keptProbability: 0.976 },
};

test("the safe plan stands beside the recommended one", () => {
  const offered = offeredPlans({ ...front, recommended, safe: { confidence: 0.95, plan: other } });
  expect(offered.map(({ title, file }) => [title, file])).toEqual([
    ["plain", "plan.json"],
    ["safe", "plan-safe.json"],
  ]);
  // The backbone takes 2 ms.
  expect(offered[1]).toMatchObject({
    accuracy: "90.00 %",
    latency: "mean 0.80 ms",
    speedup: "2.5x",
    largestDrop: "0.46 pp",
    kept: "98 %",
  });
});

test("beside a plan with a guarantee stands the one that does without, and the guarantee has the say", () => {
  const guarantee = { ...testGuarantee, plain: other };
  const offered = offeredPlans({ ...front, recommended, guarantee });
  expect(offered.map(({ title, file }) => [title, file])).toEqual([
    ["guaranteed", "plan.json"],
    ["plain", "plan-plain.json"],
  ]);
  expect(offered[0]).toMatchObject({ largestDrop: "0.93 pp", kept: "95 %" });
});

test("there is nothing to choose where no plan is safe, or none passed the guarantee's test", () => {
  expect(offeredPlans({ ...front, safe: { confidence: 0.95, samplesNeeded: 4000 } })).toEqual([]);
  const guarantee = { ...testGuarantee, holds: false, plain: other };
  expect(offeredPlans({ ...front, guarantee })).toEqual([]);
});
