import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { neverReached } from "../../../shared/memory/exit-outputs.ts";
import { ensemblePolicy } from "../../../shared/model/plan.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { singleFile } from "../export/single-file.ts";
import { staged } from "../export/staged.ts";
import { planOf, projectForPlan } from "../project/project-plan.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { ensemblePlan, withEnsembleTables } from "./ensemble-plan.ts";
import { exportPlan } from "./export-stage.ts";
import { testImagesOf } from "./load-data.ts";
import { measureNetworks } from "./profile-networks.ts";
import { colourPlan, colourProject } from "./testing/colour-project.ts";
import { type PlanInUse, predictFigures, verifyExport } from "./verify-stage.ts";

const target = { provider: "cpu", threads: 1 };

function calibrated({ project, profile, plan }: PlanInUse) {
  const { space } = planSpace(searchInputs(project, "calibration", profile), { chain: plan.chain });
  return evaluatePlan(space, fromPlanExits(space, plan.exits));
}

test("exits as ensembles lose no more than the plan that they are made of, and exported files decide as they do", async () => {
  const { folder, context, project, data } = await colourProject();
  onTestFinished(() => data.source.close());
  const profile = await measureNetworks(project, { target, seconds: 0.3 }, silentJob);
  const given = { project, profile, plan: planOf(project, colourPlan(project)) };
  const { plan: fastest, ...predicted } = await ensemblePlan(context, given, data);
  expect(fastest.exits.map(({ policy }) => policy)).toEqual(Array<string>(3).fill(ensemblePolicy));
  expect(fastest.ensemble!.map(({ weights }) => weights.length)).toEqual([1, 2, 3, 4]);
  const together = await withEnsembleTables(context, { ...given, plan: fastest }, data);
  expect(predicted.alone).toEqual(calibrated(given));
  expect(predicted.together.accuracy).toBeGreaterThanOrEqual(predicted.alone.accuracy);
  const { accuracy, exitRates, latencyMs } = calibrated(together);
  expect(predicted.together).toMatchObject({ accuracy, exitRates });
  expect(predicted.together.latencyMs.mean).toBeCloseTo(latencyMs.mean, 9);

  // Some leave at the second exit, the others at the third.
  const exits = fastest.exits.map((exit, index) => ({ ...exit, threshold: [neverReached, 0.97, 0][index] }));
  const plan = { ...fastest, exits };
  const out = join(folder, "out");
  await mkdir(out);
  await exportPlan(project, plan, [singleFile, staged], out);
  const used = { ...together, plan };
  const beside = { testOf: testImagesOf(data) };
  const how = { target, seconds: 60 };
  for (const file of [singleFile.target, staged.target]) {
    const found = await verifyExport(used, join(out, file), data.images.test, how, silentJob, beside);
    expect(found.decisionAgreement, file).toBe(1);
    expect(found.plan.exitRates.filter((rate) => rate > 0)).toHaveLength(2);
    expect(predictFigures(used, found).predicted.accuracy).toBeCloseTo(found.plan.accuracy, 12);
  }

  for (const parted of [{ cut: "image" }, { exits: [] }, { ensemble: plan.ensemble }]) {
    const other = { ...given, plan: { ...given.plan, ...parted } };
    await expect(ensemblePlan(context, other, data)).rejects.toMatchObject({ code: "usage" });
  }
  await expect(projectForPlan(project, plan)).rejects.toMatchObject({ code: "usage" });
  const shorter = { ...plan, ensemble: plan.ensemble!.slice(1) };
  await expect(exportPlan(project, shorter, [singleFile], out)).rejects.toMatchObject({
    code: "file-invalid",
  });
});
