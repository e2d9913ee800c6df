import { z } from "zod";
import { milliseconds, share } from "../model/bounds.ts";
import { chainSchema, latencyFiguresSchema, type PartitionedPlan, planExitSchema } from "../model/plan.ts";
import { targetSchema } from "../model/profile.ts";
import { severities } from "../model/robustness-options.ts";

/** More than anybody defines. */
const maxCorruptions = 100;
/** Of a front, more than any search keeps. */
const maxPlans = 10_000;

const name = z.string().max(100);
const interval = z.tuple([share, share]);

const triedPlanSchema = z.object({
  exits: z.array(planExitSchema),
  /** See `planSchema`. */
  chain: chainSchema.optional(),
});

const corruptionSchema = z.object({
  id: name,
  title: name,
  /** What a strength is, for people. */
  strength: name,
  /** By severity, from 1 on. */
  strengths: z.array(z.number()).length(severities.length),
});

/** What a plan does on the images of one condition. */
const shiftedPlanSchema = z.object({
  accuracy: share,
  accuracyInterval: interval,
  /** Below the backbone on the same images, percentage points. */
  accuracyDropPp: z.number(),
  accuracyDropHalfWidthPp: z.number(),
  /** Share of samples that leaves at each exit; the end last. */
  exitRates: z.array(share),
  latencyMs: latencyFiguresSchema,
  /** Of the mean latency, beside the whole backbone's. */
  speedup: z.number().nonnegative(),
});

const conditionSchema = z.object({
  /** Id of the corruption; null of the images as they are, whose severity is 0. */
  corruption: z.string().nullable(),
  severity: z.number().int().min(0).max(severities.length),
  backbone: z.object({ accuracy: share, accuracyInterval: interval }),
  plan: shiftedPlanSchema,
  /** In the order of the file's front. */
  front: z.array(z.object({ accuracy: share, latencyMs: milliseconds })).max(maxPlans),
});

const fieldsSchema = z.object({
  format: z.literal("offramp-robustness"),
  version: z.literal(1),
  backboneSha256: z.string(),
  /** Id of the profile that latencies are of. */
  profile: z.string(),
  target: targetSchema,
  /** Test images that every condition is of, of those that there are. */
  samples: z.number().int().positive(),
  available: z.number().int().positive(),
  seed: z.number().int(),
  /** Whether strengths are those for small images or for large ones. */
  scale: z.enum(["small", "large"]),
  corruptions: z.array(corruptionSchema).max(maxCorruptions),
  plan: triedPlanSchema,
  /** Plans of the project's front that run on the device alone. */
  front: z.array(triedPlanSchema).max(maxPlans),
  /** The images as they are first. */
  conditions: z
    .array(conditionSchema)
    .min(1)
    .max(1 + maxCorruptions * severities.length),
});

/** The format of `robustness.json`: what a plan, and those of its project's front, do on corrupted test images. */
export const robustnessSchema = fieldsSchema.refine(isOnePiece, {
  message: "its conditions don't belong to its plans",
});

export type Robustness = Readonly<z.infer<typeof robustnessSchema>>;
export type ShiftCondition = Readonly<z.infer<typeof conditionSchema>>;
export type ShiftedPlan = Readonly<z.infer<typeof shiftedPlanSchema>>;

/** Those of a front that are tried: a server is told of no corruption. */
export function plansOnDevice(front: TriedFront | null | undefined): PartitionedPlan[] {
  return (front?.searches[0].front ?? []).filter(({ cut }) => cut === undefined);
}

/** What of a front is tried: the plans of its first search. */
export interface TriedFront {
  readonly searches: readonly { readonly front: readonly PartitionedPlan[] }[];
}

/** Whether the first condition is that of the images as they are, the others are of known corruptions, each once, and all have figures of all plans. */
function isOnePiece({ plan, front, corruptions, conditions }: z.infer<typeof fieldsSchema>): boolean {
  const known = new Set(corruptions.map(({ id }) => id));
  const met = new Set(conditions.map(({ corruption, severity }) => `${severity} ${corruption}`));
  return (
    met.size === conditions.length &&
    conditions.every(
      ({ corruption, severity, ...condition }, index) =>
        (index === 0 ? corruption === null : corruption !== null && known.has(corruption)) &&
        (severity === 0) === (index === 0) &&
        condition.plan.exitRates.length === plan.exits.length + 1 &&
        condition.front.length === front.length,
    )
  );
}
