import { type EndedRun, ratedHeads } from "../../../shared/files/training-run.ts";
import { type HeadCurve, headName } from "../../../shared/model/head-curve.ts";
import type { SplitOptions, TrainOptions } from "../../../shared/model/stage-options.ts";
import { type HeadWish, headWish, namedChoices } from "../heads/head-choices.ts";
import type { CalibratedModel } from "../project/project.ts";

/** A network whose heads have learnt and are calibrated. */
interface LearntNetwork {
  readonly model: Pick<CalibratedModel, "backbone" | "heads" | "tables">;
  /** As `trainNetwork` names them. */
  readonly curves: readonly HeadCurve[];
}

/** What was asked for. */
interface AskedTraining extends HeadWish {
  readonly training: TrainOptions;
  readonly splits: SplitOptions;
}

/** What a project remembers of a training; nothing where no head learnt. */
export function endedRun(
  networks: readonly LearntNetwork[],
  { training, splits, ...wish }: AskedTraining,
  time: Pick<EndedRun, "startedAt" | "seconds">,
): EndedRun | undefined {
  const heads = networks.flatMap(({ model, curves }) =>
    ratedHeads(curves, accuraciesOf(model, curves.at(0)?.network)),
  );
  if (heads.length === 0) return undefined;
  const options = { ...headWish(wish), heads: namedChoices(wish.heads), training, splits: { ...splits } };
  return { ...time, options, heads };
}

/** Of a network's heads on the calibration split, by their names. */
function accuraciesOf(
  { heads, tables }: LearntNetwork["model"],
  network: string | undefined,
): ReadonlyMap<string, number> {
  const [table] = tables.calibration.values();
  return new Map(
    heads.map((head, row) => {
      const correct = table.correct.subarray(row * table.samples, (row + 1) * table.samples);
      const right = correct.reduce((sum, isRight) => sum + isRight, 0);
      return [headName({ ...head, network }), right / table.samples];
    }),
  );
}
