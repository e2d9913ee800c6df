import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RobustnessOptions } from "../../../../shared/model/robustness-options.ts";
import { type RemoveOld, writeJson } from "../../base/write-outputs.ts";
import { singleFile } from "../../export/single-file.ts";
import { encodeProject } from "../../project/project-archive.ts";
import { planOf } from "../../project/project-plan.ts";
import { renderReport } from "../../report/render-report.ts";
import type { ReportData } from "../../report/report-data.ts";
import { chosenPlan } from "../../search/cross-fit-of-plan.ts";
import { choiceInputs } from "../../search/search-inputs.ts";
import { compareInt8, hasOwnInt8, int8Folder, writeInt8 } from "../compare-quantised.ts";
import { exportPlan, reportFile } from "../export-stage.ts";
import { testImagesOf } from "../load-data.ts";
import { planImportance } from "../plan-importance.ts";
import { measureRobustness } from "../robustness/measure-robustness.ts";
import type { StageRunner } from "../stage-context.ts";
import { summarise } from "../summarise.ts";
import type { TimeBudget } from "../time-budget/time-budget.ts";
import type { Training } from "../train-project.ts";
import { verifyExport } from "../verify-stage.ts";
import { writeOffered } from "../write-offered.ts";
import type { Explored } from "./explore-run.ts";
import { type RunRequest, runFormats } from "./run-request.ts";

/** What becomes of the plan on corrupted images, if a run has tried. */
const robustnessFile = "robustness.json";

/** A folder that takes the place of an older one as a whole. */
export interface Draft {
  readonly folder: string;
  readonly removeOld: RemoveOld;
}

/** Writes the plan's files, and what they were chosen by. */
export async function exportRun(
  { outFolder }: RunRequest,
  { project, profile, front, plan, int8 }: Explored,
  { folder, removeOld }: Draft,
): Promise<void> {
  await exportPlan(project, plan, runFormats, folder);
  await writeOffered(front, (offered) => planOf(project, chosenPlan(front, offered)), folder, removeOld);
  await writeJson(folder, "front.json", front);
  await writeJson(folder, "profile.json", profile);
  if (int8) await writeInt8(int8, runFormats, folder);
  else if (await hasOwnInt8(outFolder)) removeOld(int8Folder);
}

/** Runs the files on the test split, and writes what came out beside what was predicted, and the project with all that was found. */
export async function reportRun(
  request: RunRequest,
  { data, check }: Training,
  { project, profile, front, plan, int8 }: Explored,
  { folder, removeOld }: Draft,
  budget: TimeBudget | undefined,
  started: number,
  stages: StageRunner,
): Promise<ReportData> {
  const { target, verifySeconds } = request;
  const file = join(folder, singleFile.target);
  const used = { project, profile, plan, classWeights: front.useCase.classWeights };
  const how = { target, seconds: budget?.settleVerification() ?? verifySeconds };
  const verification = await stages.run("verify", ({ job }) =>
    verifyExport(used, file, data.images.test, how, job, { testOf: testImagesOf(data) }),
  );
  const compared =
    int8 &&
    (await stages.run("compare", (context) =>
      compareInt8(context, int8, { used, verification }, folder, data.images.test, how),
    ));
  const trying = robustnessWithin(request, budget);
  const robustness =
    trying &&
    (await stages.run("robustness", (context) =>
      measureRobustness(context, { project, profile, plan }, data, trying),
    ));
  const wallSeconds = (performance.now() - started) / 1000;
  const findings = {
    ...used,
    data,
    check,
    target,
    front,
    chosenBy: "search" as const,
    useCase: front.useCase,
    verification,
    compared,
    timeBudget: budget?.report(verification),
    recorded: request.recorded,
  };
  const summary = summarise(findings, stages.seconds, wallSeconds);
  await writeJson(folder, "summary.json", summary);
  await writeFile(join(folder, "project.offramp"), encodeProject({ ...project, robustness }));
  if (robustness) await writeJson(folder, robustnessFile, robustness);
  else removeOld(robustnessFile);
  const members = project.members.map((member) => member.backbone.summary);
  const { latenciesMs } = verification;
  const importance = planImportance(choiceInputs(project, profile), plan, front.useCase);
  const { summary: backbone } = project.backbone;
  const reported = { backbone, members, profile, front, summary, importance, robustness, latenciesMs };
  await writeFile(join(folder, reportFile), renderReport(reported));
  return reported;
}

/** How to try the plan on corrupted images; undefined if nobody wants that, or there is no time for it. */
function robustnessWithin(
  { robustness }: RunRequest,
  budget: TimeBudget | undefined,
): RobustnessOptions | undefined {
  if (!robustness || !budget) return robustness;
  const samples = budget.settleRobustness();
  return samples > 0 ? { ...robustness, samples } : undefined;
}
