import { AppError } from "../../../shared/base/errors.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { checkEnsemble } from "../../../shared/memory/check-ensemble.ts";
import { neverReached, type OutputColumn } from "../../../shared/memory/exit-outputs.ts";
import { ensembleColumns, fitEnsembles } from "../../../shared/memory/geometric-ensemble.ts";
import { memorySpace } from "../../../shared/memory/memory-space.ts";
import { whyNoEnsemble } from "../../../shared/memory/why-no-ensemble.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { ensemblePolicy, type Plan, type PlanFigures } from "../../../shared/model/plan.ts";
import type { NetworkProfile, Profile } from "../../../shared/model/profile.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { refineThresholds } from "../../../shared/search/refine-thresholds.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import type { PolicyTables } from "../calibrate/confidence-table.ts";
import { top1 } from "../policies/top1.ts";
import type { CalibratedModel } from "../project/project.ts";
import { planOf } from "../project/project-plan.ts";
import { searchInputs } from "../search/search-inputs.ts";
import type { LoadedData } from "./load-data.ts";
import { planOutputs, planRows } from "./plan-outputs.ts";
import type { StageContext } from "./stage-context.ts";
import type { PlanInUse } from "./verify-stage.ts";

/** A plan whose exits answer together, and what both are predicted to do on the calibration split. */
export interface EnsembledPlan {
  readonly plan: Plan;
  readonly together: PlanFigures;
  /** Of the plan that it was made of. */
  readonly alone: PlanFigures;
}

/**
 * The same exits, each answering for all up to it: ensembles are fitted to the calibration split, and thresholds chosen there, the
 * fastest at which no more is lost than by the plan as it is. An exit that is then better passed by all still has its say.
 * @throws AppError 'usage' if `whyNoEnsemble` names a reason, and as `planOutputs` does
 */
export async function ensemblePlan(
  context: StageContext,
  { project, profile, plan, classWeights }: PlanInUse,
  data: LoadedData,
): Promise<EnsembledPlan> {
  const obstacle = whyNoEnsemble(plan);
  if (obstacle) throw new AppError("usage", `${obstacle}; leave out the ensemble`);
  const outputs = await planOutputs(context, project, data, plan, "calibration");
  const ensemble = fitEnsembles(outputs);
  const inputs = { ...searchInputs(project, "calibration", profile), classWeights };
  const { space } = planSpace(inputs, { chain: plan.chain });
  const placed = fromPlanExits(space, plan.exits);
  const alone = evaluatePlan(space, placed);
  const own = memorySpace(
    space,
    placed.map(({ candidate }) => candidate),
    ensembleColumns(ensemble, outputs),
    [...placed, 0].map(() => 0),
  );
  const start = placed.map(({ threshold }, candidate) => ({ candidate, threshold }));
  const useCase = { latency: "mean" as const, minAccuracy: alone.accuracy };
  const chosen = await refineThresholds(own, start, useCase, context.job);
  const exits = plan.exits.map((exit, index) => ({
    ...exit,
    policy: ensemblePolicy,
    classThresholds: undefined,
    threshold: chosen.find(({ candidate }) => candidate === index)?.threshold ?? neverReached,
  }));
  // Of one that was chosen on the test images too, nothing is left to take turns.
  const crossFit = plan.crossFit && { halves: [] };
  return {
    plan: planOf(project, { exits, chain: plan.chain, ensemble, crossFit }),
    together: evaluatePlan(
      own,
      exits.map(({ threshold }, candidate) => ({ candidate, threshold })),
    ),
    alone,
  };
}

/**
 * Project and profile as a plan with an ensemble sees them: in the tables its exits and its end say what their ensembles do. A
 * decision is taken to cost what it costs by the largest probability; an ensemble's few small operators aren't timed.
 * @throws AppError 'file-invalid' if ensemble and exits don't fit; as `planOutputs` does
 */
export async function withEnsembleTables(
  context: StageContext,
  used: PlanInUse,
  data: LoadedData,
): Promise<PlanInUse> {
  const { project, profile, plan } = used;
  checkEnsemble(plan, project.backbone.summary.output.classes);
  const columnsOf = async (split: "calibration" | "test") =>
    ensembleColumns(plan.ensemble!, await planOutputs(context, project, data, plan, split));
  const columns = { calibration: await columnsOf("calibration"), test: await columnsOf("test") };
  const outputs = planRows(project, plan).flatMap(({ network, rows }) =>
    rows.map((row) => ({ network, row })),
  );
  const seen = <Model extends CalibratedModel>(model: Model): Model => {
    const tables = (split: "calibration" | "test"): PolicyTables => {
      const own = outputs.flatMap(({ network, row }, index) =>
        network === model ? [{ row, column: columns[split][index] }] : [],
      );
      return new Map([[ensemblePolicy, withColumns(model.tables[split].get(top1.id)!, own)]]);
    };
    return { ...model, tables: { calibration: tables("calibration"), test: tables("test") } };
  };
  return {
    ...used,
    project: { ...seen(project), members: project.members.map(seen) },
    profile: { ...decidingAlike(profile), members: profile.members?.map(decidingAlike) } as Profile,
  };
}

function withColumns(
  table: ConfidenceTable,
  columns: readonly { readonly row: number; readonly column: OutputColumn }[],
): ConfidenceTable {
  const made = {
    ...table,
    confidence: table.confidence.slice(),
    correct: table.correct.slice(),
    predicted: table.predicted?.slice(),
  };
  for (const { row, column } of columns) {
    const at = row * table.samples;
    made.confidence.set(column.confidence, at);
    made.correct.set(column.correct, at);
    made.predicted?.set(column.predicted, at);
  }
  return made;
}

/** A profile in which ensembles decide as fast as the largest probability. */
function decidingAlike<Timed extends Pick<NetworkProfile, "heads">>(timed: Timed): Timed {
  const heads = timed.heads.filter(({ policy }) => policy === top1.id);
  return { ...timed, heads: heads.map((head) => ({ ...head, policy: ensemblePolicy })) };
}
