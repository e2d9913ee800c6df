import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { shiftOdds } from "../../../shared/space/shift-odds.ts";
import { fitClassOffsets } from "../calibrate/class-offsets.ts";
import { type PolicyTables, tableRow } from "../calibrate/confidence-table.ts";
import { failurePredictionAuroc } from "../calibrate/reliability.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import { exitPolicyById } from "../policies/index.ts";
import type { CalibratedModel, Member, Project } from "./project.ts";

/** The part of a project that calibration makes. */
export type Calibrated = Pick<CalibratedModel, "tables" | "classOffsets" | "outputs">;

/**
 * What the project's tables say under further policies: those of thresholds per class are fitted to the calibration split
 * and applied to both splits. No model runs; policies that are there already stay as they are.
 * @throws AppError 'file-invalid' if the tables don't say which class each exit answers, 'cancelled'
 */
export async function addPolicies<Own extends Calibrated>(
  calibrated: Own,
  classes: number,
  policies: readonly ExitPolicy[],
  job: Job,
): Promise<Own> {
  let result = calibrated;
  for (const policy of policies) {
    if (!policy.base || result.tables.calibration.has(policy.id)) continue;
    const offsets = await fitOffsets(result, policy.base, classes, job);
    result = withOffsets(result, policy.id, policy.base.id, offsets);
  }
  return result;
}

/** The same for all networks of a project. @throws AppError as `addPolicies` does */
export async function addProjectPolicies<Own extends Project>(
  project: Own,
  policies: readonly ExitPolicy[],
  job: Job,
): Promise<Own> {
  const { classes } = project.backbone.summary.output;
  const members: Member[] = [];
  for (const member of project.members) members.push(await addPolicies(member, classes, policies, job));
  return { ...(await addPolicies(project, classes, policies, job)), members };
}

/** Per head [heads][classes], from the calibration split alone. */
async function fitOffsets(
  { tables }: Calibrated,
  base: ExitPolicy,
  classes: number,
  job: Job,
): Promise<Float32Array[]> {
  const table = baseTable(tables.calibration, base.id);
  const final = tableRow(table, table.exits);
  const offsets: Float32Array[] = [];
  for (let row = 0; row < table.exits; row++) {
    const { confidence, correct, predicted } = tableRow(table, row);
    const kept = correct.map((right, sample) => (right === 0 && final.correct[sample] === 1 ? 0 : 1));
    offsets.push(fitClassOffsets({ confidence, kept, predicted: predicted! }, classes));
    job.report(row + 1, table.exits);
    await job.pause();
  }
  return offsets;
}

/** With the tables of a policy whose offsets are known, and how well it tells right from wrong. */
export function withOffsets<Own extends Calibrated>(
  calibrated: Own,
  policy: string,
  base: string,
  offsets: readonly Float32Array[],
): Own {
  const { tables, classOffsets, outputs } = calibrated;
  const shifted = (own: Calibrated["tables"]["test"]) => shiftedTable(baseTable(own, base), offsets);
  const test = shifted(tables.test);
  return {
    ...calibrated,
    classOffsets: new Map([...classOffsets, [policy, offsets]]),
    tables: {
      calibration: new Map([...tables.calibration, [policy, shifted(tables.calibration)]]),
      test: new Map([...tables.test, [policy, test]]),
    },
    outputs: outputs.map((output, row) => {
      const { confidence, correct } = tableRow(test, row);
      const auroc = {
        ...output.failurePredictionAuroc,
        [policy]: failurePredictionAuroc(confidence, correct),
      };
      return { ...output, failurePredictionAuroc: auroc };
    }),
  };
}

/**
 * Tables of the policies of thresholds per class whose offsets are known, beside those that they are made from.
 * @throws AppError 'file-invalid' if the tables don't say which class each exit answers
 */
export function withShiftedTables(
  tables: PolicyTables,
  classOffsets: Calibrated["classOffsets"],
): PolicyTables {
  const shifted = [...classOffsets].flatMap(([id, offsets]): [string, ConfidenceTable][] => {
    const { base } = exitPolicyById(id);
    return base ? [[id, shiftedTable(baseTable(tables, base.id), offsets)]] : [];
  });
  return new Map([...tables, ...shifted]);
}

function baseTable(tables: Calibrated["tables"]["test"], base: string): ConfidenceTable {
  const table = tables.get(base);
  if (table?.predicted) return table;
  throw new AppError(
    "file-invalid",
    `thresholds per class need the class that each exit answers, and the project's table of '${base}' ` +
      (table ? "came without" : "is missing"),
    { missing: "answers" },
  );
}

/** The backbone's own output, the last row, decides nothing and stays what it is. */
function shiftedTable(table: ConfidenceTable, offsets: readonly Float32Array[]): ConfidenceTable {
  const confidence = table.confidence.slice();
  for (const [row, own] of offsets.entries())
    for (let at = row * table.samples; at < (row + 1) * table.samples; at++)
      confidence[at] = shiftOdds(confidence[at], own[table.predicted![at]]);
  return { ...table, confidence };
}
