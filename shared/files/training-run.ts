import { z } from "zod";
import { samePlainData } from "../base/plain-data.ts";
import { thinned } from "../base/thinned.ts";
import { share } from "../model/bounds.ts";
import { type HeadCurve, headCurveSchema, headName } from "../model/head-curve.ts";
import { trainOptionsSchema } from "../model/stage-options.ts";

/** How many trainings a project remembers. */
export const maxRuns = 20;

/** Points of all curves of a run together; a head always keeps its first epoch and its last. */
const maxPoints = 6000;

/** Run numbers have no more digits. */
export const maxRunNumber = 999_999;

/** What a project remembers of a training of heads. */
export const trainingRunSchema = z.object({
  /** Counts a project's trainings from 1; none is given twice. */
  number: z.number().int().positive().max(maxRunNumber),
  startedAt: z.iso.datetime(),
  /** Of the training itself; heads that come from the cache take next to none. */
  seconds: z.number().nonnegative().max(1e9),
  /** What was asked for. */
  options: z.object({
    heads: z
      .array(z.object({ kind: z.string().max(80), options: z.record(z.string(), z.unknown()) }))
      .min(1)
      .max(100),
    /** Whether networks that bring exits of their own got no more. */
    spareReady: z.boolean().optional(),
    training: trainOptionsSchema,
    /** How the data was divided. */
    splits: z.record(z.string(), z.unknown()),
  }),
  heads: z
    .array(
      headCurveSchema.extend({
        /** On the calibration split. */
        accuracy: share,
      }),
    )
    .min(1)
    .max(10_000),
});

export type TrainingRun = Readonly<z.infer<typeof trainingRunSchema>>;
/** A head of a run: its curve, and how good it is. */
export type RunHead = TrainingRun["heads"][number];
export type RunOptions = TrainingRun["options"];

/** A run that has ended, before a project has numbered it. */
export type EndedRun = Omit<TrainingRun, "number">;

/** A project's runs, the latest last, after another one has ended; the same training again takes the place of the earlier one. */
export function withRun(past: readonly TrainingRun[], ended: EndedRun | undefined): TrainingRun[] {
  if (!ended) return [...past];
  const next = { ...ended, heads: thinnedHeads(ended.heads) };
  const same = past.find((run) => isSameRun(run, next));
  // What is repeated comes from the cache, which says nothing of how long it takes.
  const kept = same && { number: same.number, seconds: Math.max(same.seconds, next.seconds) };
  const number = 1 + Math.max(0, ...past.map((run) => run.number));
  return [...past.filter((run) => run !== same), { ...next, number, ...kept }].slice(-maxRuns);
}

/** Whether the same was asked for and the same learnt, whenever and however fast. */
function isSameRun({ options, heads }: EndedRun, other: EndedRun): boolean {
  return samePlainData({ options, heads }, { options: other.options, heads: other.heads });
}

function thinnedHeads(heads: readonly RunHead[]): RunHead[] {
  const most = Math.max(2, Math.floor(maxPoints / heads.length));
  return heads.map((head) => ({ ...head, epochs: thinned(head.epochs, most) }));
}

/** Mean accuracy of a run's heads on the calibration split, 0-1. */
export function meanAccuracy({ heads }: Pick<TrainingRun, "heads">): number {
  return heads.reduce((sum, { accuracy }) => sum + accuracy, 0) / heads.length;
}

/** Of the head that sits deepest in the run's first network, 0-1. */
export function lastAccuracy({ heads }: Pick<TrainingRun, "heads">): number {
  return heads.findLast(({ network }) => network === heads[0].network)!.accuracy;
}

/** Curves with how good their heads are; without those that nothing is known of. */
export function ratedHeads(curves: readonly HeadCurve[], accuracies: ReadonlyMap<string, number>): RunHead[] {
  return curves.flatMap((curve) => {
    const accuracy = accuracies.get(headName(curve));
    return accuracy === undefined ? [] : [{ ...curve, accuracy }];
  });
}
