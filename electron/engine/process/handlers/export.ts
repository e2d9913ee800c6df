import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { deviceFront } from "../../../../shared/files/device-front.ts";
import type { FrontFile } from "../../../../shared/files/front-file.ts";
import type { ExportResult } from "../../../../shared/ipc/channels.ts";
import { exitsKey, type Plan } from "../../../../shared/model/plan.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import { checkWritable, writeOutputs } from "../../base/write-outputs.ts";
import type { ExportFormat } from "../../export/export-format.ts";
import { exportFormatById } from "../../export/index.ts";
import { optionsHere } from "../../profile/target.ts";
import { type TrainedProject, trainedProject } from "../../project/project.ts";
import { renderReport } from "../../report/render-report.ts";
import { searchInputs } from "../../search/search-inputs.ts";
import { frontBeside } from "../../stages/compare-references.ts";
import {
  checkReplaceable,
  exportPlan,
  hasOwnReport,
  planFile,
  reportFile,
} from "../../stages/export-stage.ts";
import { judgePlan } from "../../stages/judge-plan.ts";
import { createStageRunner, type StageRunner } from "../../stages/stage-context.ts";
import { comparePredicted, summarise } from "../../stages/summarise.ts";
import { verifyExport } from "../../stages/verify-stage.ts";
import type { Handlers } from "../handler.ts";
import type { Workspace } from "../workspace.ts";
import { profileById } from "./profile.ts";

/** Files that deploy a plan, and how they do when they are run. */
export function exportHandlers(workspace: Workspace): Pick<Handlers, "project.export"> {
  return {
    "project.export": ({ folder, plan, target, formats: ids, report, verify }, call) =>
      workspace.exclusively("an export", async () => {
        const started = performance.now();
        const project = trainedProject(workspace.project);
        const profile = profileById(project, target);
        const formats = [...new Set(ids)].map(exportFormatById);
        if (formats.length === 0)
          throw new AppError("usage", "no export format is chosen; choose at least one");
        const front = report ? frontWith(project, profile, plan) : undefined;
        await checkWritable(folder);
        await checkReplaceable(folder, formats, {
          source: workspace.modelPath ?? undefined,
          hasReport: report,
        });
        const stages = createStageRunner(workspace.cache, call.job);
        return writeOutputs(folder, async (draft, removeOld) => {
          await stages.run("export", () => exportPlan(project, plan, formats, draft));
          const files = [...formats.map((format) => format.target), planFile];
          const work = { project, profile, plan, front, formats, draft, started, loading: call.job("load") };
          const outcome = verify
            ? await verified(workspace, work, stages)
            : { verification: null, unverified: "verification was not asked for" };
          const isReported = report && outcome.verification !== null;
          if (isReported) files.push(reportFile);
          else if (await hasOwnReport(folder)) removeOld(reportFile);
          return { folder, files, ...withoutReport(outcome, report && !isReported) };
        });
      }),
  };
}

type Outcome = Pick<ExportResult, "verification" | "unverified">;

interface Exported {
  readonly project: TrainedProject;
  readonly profile: Profile;
  readonly plan: Plan;
  /** What a report draws the plan beside, if one is wanted. */
  readonly front: FrontFile | undefined;
  readonly formats: readonly ExportFormat[];
  /** Where the files are for now. */
  readonly draft: string;
  readonly started: number;
  readonly loading: Job;
}

function withoutReport(outcome: Outcome, isMissed: boolean): Outcome {
  if (!isMissed) return outcome;
  return {
    ...outcome,
    unverified: `${outcome.unverified}; a report shows measured figures, so there is none`,
  };
}

/**
 * The front of this target, with the plan in the place of the one that was recommended.
 * @throws AppError 'usage' if this target wasn't searched on
 */
function frontWith(project: TrainedProject, profile: Profile, plan: Plan): FrontFile {
  const { front } = project;
  if (!front || front.profile !== profile.id)
    throw new AppError(
      "usage",
      "a report shows the plan beside the front of its target, which hasn't been searched yet; search first, or export without the report",
    );
  // The files run on one target, and so do the plans beside this one.
  const onDevice = deviceFront(front);
  // What was tested is the recommended plan alone.
  const isTested = exitsKey(plan) === exitsKey(front.recommended);
  const inputs = searchInputs(project.backbone, project.heads, project.tables.calibration, profile);
  const beside = project.references.filter(({ target }) => target === profile.id);
  return {
    ...frontBeside(onDevice, beside, inputs),
    recommended: judgePlan(project, profile, plan, front.useCase),
    guarantee: isTested ? front.guarantee : undefined,
  };
}

/** Verifies what was exported if data and machine allow it, and writes the report if one is wanted. */
async function verified(workspace: Workspace, exported: Exported, stages: StageRunner): Promise<Outcome> {
  try {
    return { verification: await verifyFiles(workspace, exported, stages), unverified: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "cancelled") throw error;
    return { verification: null, unverified: error.message };
  }
}

async function verifyFiles(
  workspace: Workspace,
  { project, profile, plan, front, formats, draft, started, loading }: Exported,
  stages: StageRunner,
): Promise<ExportResult["verification"]> {
  const runnable = formats.find(({ isDeployable }) => isDeployable);
  if (!runnable)
    throw new AppError(
      "usage",
      `${formats.map(({ title }) => title).join(", ")}: holds no decisions that could be run; export another format too`,
    );
  const target = await optionsHere(profile);
  return workspace.withData(loading, async (data) => {
    const file = join(draft, runnable.target);
    const classWeights = project.front?.useCase.classWeights;
    const used = { project, profile, plan, classWeights };
    const verification = await stages.run("verify", ({ job }) =>
      verifyExport(used, file, data.images.test, target, job),
    );
    if (!front) {
      const chosen = judgePlan(project, profile, plan, { latency: "mean", classWeights });
      return comparePredicted({ ...used, chosen, verification });
    }
    const wallSeconds = (performance.now() - started) / 1000;
    const findings = { ...used, data, target, front, verification };
    const summary = summarise(findings, stages.seconds, wallSeconds);
    const { latenciesMs } = verification;
    const backbone = project.backbone.summary;
    await writeFile(
      join(draft, reportFile),
      renderReport({ backbone, profile, front, summary, latenciesMs }),
    );
    return summary;
  });
}
