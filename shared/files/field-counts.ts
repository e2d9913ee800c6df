import { z } from "zod";
import { amount, threshold } from "../model/bounds.ts";
import { planSchema } from "../model/plan.ts";

/** Equal bins of confidences from 0 to 1, the range of every policy: bin b holds b/64 up to (b+1)/64, the last one 1 as well. */
export const confidenceBins = 64;

const count = z.int().nonnegative();

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What was counted while an export ran with one set of thresholds. */
const countedPointSchema = z.object({
  /** The operating point's name; null for the plan's own thresholds. */
  name: z.string().min(1).max(60).nullable(),
  /** By exit in the plan's order. */
  thresholds: z.array(threshold),
  /** All that were run. */
  inputs: count,
  /** By exit in the plan's order, the end of the last network last. */
  exits: z
    .array(
      z.object({
        /** How many left here. */
        left: count,
        /** Of all that reached the exit, whether or not they left: how many had a confidence in each bin; one that is no number is in the last. */
        confidence: z.array(count).length(confidenceBins),
      }),
    )
    .min(1),
  /** Of inputs that ran one at a time and were timed: how many, the sum (ms) and the sum of squares (ms²); absent where none were. */
  latency: z.object({ inputs: count.min(1), sumMs: amount, sumSquaresMs: amount }).optional(),
});

/**
 * The format of the counts that a runner keeps in the field (`run.py --counts counts.json`): a few numbers, no images and no
 * classes. Counts of one export add up; a point that was never run isn't there.
 */
export const fieldCountsSchema = z
  .object({
    format: z.literal("offramp-field-counts"),
    version: z.literal(1),
    /** SHA-256 of the export's manifest, which names every model of it by its own: what is counted in one file is of one export. */
    manifestSha256: sha256,
    /** What was exported, with its own thresholds; by it a project knows the counts for its own. */
    plan: planSchema,
    points: z.array(countedPointSchema).max(1000),
  })
  .refine(({ plan, points }) => points.every((point) => fits(point, plan.exits.length)), {
    message: "every point has a threshold for each of the plan's exits, and one exit more for the end",
  })
  .refine(({ points }) => points.every(addsUp), {
    message: "as many leave as were run, and whoever reaches an exit is counted there",
  });

export type FieldCounts = Readonly<z.infer<typeof fieldCountsSchema>>;
export type CountedPoint = z.infer<typeof countedPointSchema>;

function fits({ thresholds, exits }: CountedPoint, count: number): boolean {
  return thresholds.length === count && exits.length === count + 1;
}

function addsUp({ inputs, exits }: CountedPoint): boolean {
  let travelling = inputs;
  for (const { left, confidence } of exits) {
    if (confidence.reduce((sum, count) => sum + count, 0) !== travelling) return false;
    travelling -= left;
  }
  return travelling === 0;
}
