import { AppError } from "../../../shared/base/errors.ts";
import { type ExitOutputs, normaliseScores } from "../../../shared/memory/exit-outputs.ts";
import { networksOf, outputHead, type PartitionedPlan, type PlanExit } from "../../../shared/model/plan.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";
import { readLabels, readLogits } from "../calibrate/exit-logits.ts";
import { type CalibratedModel, type Member, networkOf, type Project } from "../project/project.ts";
import { exitLogits } from "./calibrate-stage.ts";
import { dataOfMember, type LoadedData } from "./load-data.ts";
import type { StageContext } from "./stage-context.ts";

/** Bytes of one split's outputs at most: those of two are in memory at once. */
const maxBytes = 1e9;

/**
 * Runs a split through a plan's own exits and to the end of its last network: each network and its heads in one pass.
 * @returns probabilities at the project's temperatures
 * @throws AppError 'file-invalid' if the plan is for other networks, 'out-of-memory' if there are too many samples and classes,
 *   'cancelled', and what running the networks throws
 */
export async function planOutputs(
  context: StageContext,
  project: Project,
  data: LoadedData,
  plan: PartitionedPlan,
  split: "calibration" | "test",
): Promise<ExitOutputs> {
  const { classes } = project.backbone.summary.output;
  checkSize(4 * (plan.exits.length + 1) * classes * data.images[split].count, split);
  const logProbabilities: Float32Array[] = [];
  let labels: ExitOutputs["labels"] = new Int32Array(0);
  for (const { network, member, rows } of planRows(project, plan)) {
    const { backbone, temperatures } = network;
    const heads = rows.flatMap((row) => network.heads[row] ?? []);
    const images = member ? await dataOfMember(data, member) : data;
    const folder = await exitLogits(context, { backbone, heads }, images, split);
    labels = await readLabels(folder);
    for (const [file, row] of rows.entries())
      logProbabilities.push(calibrated(await readLogits(folder, file), temperatures[row], classes));
  }
  return { classes, labels, logProbabilities };
}

/** A network that a plan goes through, and which rows of its tables the plan's exits have. */
interface PlanRows {
  readonly network: CalibratedModel;
  /** Absent of the backbone. */
  readonly member?: Member;
  /** In the order that a sample meets them; a network's own output is the last row, and the plan's end the last of all. */
  readonly rows: readonly number[];
}

/** @throws AppError 'file-invalid' if the project has no such network or head */
export function planRows(project: Project, plan: PartitionedPlan): PlanRows[] {
  const { sha256 } = project.backbone.summary;
  const names = networksOf(plan, sha256);
  return names.map((name, place) => {
    const member = project.members.find(
      ({ backbone }) => name !== sha256 && backbone.summary.sha256 === name,
    );
    const network = member ?? networkOf(project, name === sha256 ? undefined : name);
    const own = plan.exits.filter((exit) => exit.member === (member && name));
    const rows = own.map((exit) => rowOf(network, exit));
    return { network, member, rows: place === names.length - 1 ? [...rows, network.heads.length] : rows };
  });
}

function checkSize(bytes: number, split: string): void {
  if (bytes <= maxBytes) return;
  throw new AppError(
    "out-of-memory",
    `what the plan's exits say of the ${split} images takes ${(bytes / 1e9).toFixed(1)} GB, and up to ` +
      `${maxBytes / 1e9} GB are read at once; take fewer images or exits`,
  );
}

function rowOf({ heads }: CalibratedModel, exit: PlanExit): number {
  const row = exit.head === outputHead ? heads.length : tableRow(heads, exit);
  if (row >= 0) return row;
  throw new AppError(
    "file-invalid",
    `the plan has an exit '${exit.head}' at '${exit.cutPoint}', and the project has no such head; was it made for another one?`,
    { missing: "plan" },
  );
}

/** Logarithms of probabilities, in place of the logits. */
function calibrated(logits: Float32Array, temperature: number, classes: number): Float32Array {
  for (let at = 0; at < logits.length; at++) logits[at] /= temperature;
  normaliseScores(logits, classes);
  return logits;
}
