import { writeOutputs } from "../base/write-outputs.ts";
import type { ReportData } from "../report/report-data.ts";
import { weightsByIndex } from "../search/read-weights.ts";
import { shiftsWanted } from "./robustness/shifts.ts";
import { exportRun, reportRun } from "./run/deliver-run.ts";
import { exploreRun } from "./run/explore-run.ts";
import { openNetworks, type RunNetworks } from "./run/open-networks.ts";
import type { RunRequest } from "./run/run-request.ts";
import type { StageRunner } from "./stage-context.ts";
import { TimeBudget } from "./time-budget/time-budget.ts";
import { trainProject } from "./train-project.ts";

/**
 * Every stage from import to verification; results land in the output folder all together or not at all.
 * @throws AppError of any stage
 */
export async function runPipeline(request: RunRequest, stages: StageRunner): Promise<ReportData> {
  const started = performance.now();
  const networks = await openNetworks(request, stages);
  const budget = budgetOf(request, networks, started);
  const training = await trainProject(
    networks.backbone,
    {
      ...request,
      policies: request.search.policies,
      budget,
      checkData: ({ source }) =>
        request.classWeights && weightsByIndex(request.classWeights, source.classNames),
    },
    stages,
    networks.members,
  );
  try {
    const explored = await exploreRun(request, networks, training, budget, stages);
    return await writeOutputs(request.outFolder, async (folder, removeOld) => {
      const draft = { folder, removeOld };
      await stages.run("export", () => exportRun(request, explored, draft));
      return reportRun(request, training, explored, draft, budget, started, stages);
    });
  } finally {
    await training.data.source.close();
  }
}

/** A quantised network is made from images besides, all of whose tensors are looked at. */
const quantisedCost = 1.5;

function budgetOf(
  request: RunRequest,
  { backbone, members, references, given }: RunNetworks,
  started: number,
): TimeBudget | undefined {
  const { timeBudgetSeconds, quantised, robustness } = request;
  if (timeBudgetSeconds === undefined) return undefined;
  const macs = references.reduce((sum, { summary }) => sum + summary.macs, 0);
  const rivalMacs = macs + (quantised ? quantisedCost * backbone.summary.macs : 0);
  const corrupted = robustness && {
    samples: robustness.samples,
    shifts: shiftsWanted(robustness, backbone.summary.input).shifts.length,
  };
  const wanted = { ...request, isProfiled: given !== undefined, rivalMacs, corrupted };
  const all = [backbone, ...members.map((member) => member.backbone)];
  return new TimeBudget(timeBudgetSeconds, all, wanted, started);
}
