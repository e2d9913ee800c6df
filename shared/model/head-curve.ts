import { z } from "zod";
import { share } from "./bounds.ts";
import { mostEpochs } from "./stage-options.ts";

/** Null where it had grown beyond all numbers. */
const loss = z.number().nullable();

/** What a head had learnt after an epoch. */
export const headEpochSchema = z.object({
  epoch: z.number().int().positive().max(mostEpochs),
  /** Against the mixture of labels and the backbone's softmax, mean over the epoch's steps. */
  trainLoss: loss,
  /** Against the labels, on the held-out slice of the train split. */
  loss,
  /** On the same slice. */
  accuracy: share,
});

export const headEpochsSchema = z.array(headEpochSchema).max(mostEpochs);

/** How a head learnt, epoch by epoch. */
export const headCurveSchema = z.object({
  /** SHA-256 of the further network that it is a head of; the backbone's if absent. */
  network: z.string().optional(),
  cutPoint: z.string(),
  kind: z.string(),
  epochs: headEpochsSchema,
});

export type HeadEpoch = Readonly<z.infer<typeof headEpochSchema>>;
export type HeadCurve = Readonly<z.infer<typeof headCurveSchema>>;

/** Which of a training's heads it is, among those of all networks. */
export function headName({ network, cutPoint, kind }: Omit<HeadCurve, "epochs">): string {
  return JSON.stringify([network, cutPoint, kind]);
}

/** Curves with some newer ones, each in the place of that of the same head. */
export function withCurves(known: readonly HeadCurve[], newer: readonly HeadCurve[]): HeadCurve[] {
  const byHead = new Map([...known, ...newer].map((curve) => [headName(curve), curve]));
  return [...byHead.values()];
}
