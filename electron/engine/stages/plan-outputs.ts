import { AppError } from "../../../shared/base/errors.ts";
import { type ExitOutputs, normaliseScores } from "../../../shared/memory/exit-outputs.ts";
import { networksOf, outputHead, type PartitionedPlan } from "../../../shared/model/plan.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";
import { readLabels, readLogits } from "../calibrate/exit-logits.ts";
import { type CalibratedModel, networkOf, type Project } from "../project/project.ts";
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
  const { sha256, output } = project.backbone.summary;
  const { classes } = output;
  checkSize(4 * (plan.exits.length + 1) * classes * data.images[split].count, split);
  const logProbabilities: Float32Array[] = [];
  let labels: ExitOutputs["labels"] = new Int32Array(0);
  const networks = networksOf(plan, sha256);
  for (const [place, name] of networks.entries()) {
    const member = project.members.find((own) => name !== sha256 && own.backbone.summary.sha256 === name);
    const network = member ?? networkOf(project, name === sha256 ? undefined : name);
    const rows = exitRows(network, plan, member && name);
    if (place === networks.length - 1) rows.push(network.heads.length);
    const heads = rows.flatMap((row) => network.heads[row] ?? []);
    const images = member ? await dataOfMember(data, member) : data;
    const folder = await exitLogits(context, { backbone: network.backbone, heads }, images, split);
    labels = await readLabels(folder);
    for (const [file, row] of rows.entries())
      logProbabilities.push(calibrated(await readLogits(folder, file), network.temperatures[row], classes));
  }
  return { classes, labels, logProbabilities };
}

function checkSize(bytes: number, split: string): void {
  if (bytes <= maxBytes) return;
  throw new AppError(
    "out-of-memory",
    `what the plan's exits say of the ${split} images takes ${(bytes / 1e9).toFixed(1)} GB, and up to ` +
      `${maxBytes / 1e9} GB are read at once; take fewer images or exits`,
  );
}

/** The rows of a network's tables that a plan's exits in it have, in order; its own output is the last. */
function exitRows({ heads }: CalibratedModel, { exits }: PartitionedPlan, member?: string): number[] {
  return exits
    .filter((exit) => exit.member === member)
    .map((exit) => (exit.head === outputHead ? heads.length : tableRow(heads, exit)));
}

/** Logarithms of probabilities, in place of the logits. */
function calibrated(logits: Float32Array, temperature: number, classes: number): Float32Array {
  for (let at = 0; at < logits.length; at++) logits[at] /= temperature;
  normaliseScores(logits, classes);
  return logits;
}
