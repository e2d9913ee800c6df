import { z } from "zod";
import { amount, milliseconds, share } from "./bounds.ts";

/** Confidences that make sense: below, chance would suffice; above, no split is large enough. */
const confidenceRange = [0.5, 0.9999] as const;

/** The constraints, absent ones don't bind; `constraints.ts` says what each of them means. */
const limits = {
  maxLatencyMs: milliseconds.positive().optional(),
  /** Share, 0-1. */
  minAccuracy: share.optional(),
  /** Largest accuracy drop against the backbone on the same split, percentage points. */
  maxDropPp: z.number().min(0).max(100).optional(),
  /** Largest 95th percentile and largest worst case of the latency, whatever `latency` refers to, ms. */
  maxP95Ms: milliseconds.positive().optional(),
  maxWorstMs: milliseconds.positive().optional(),
  /** Largest share of samples that leave at the backbone's own end, 0-1: a server's load, where the end runs there. */
  maxBackboneRate: share.optional(),
  /** Largest mean energy of a sample, mJ. */
  maxEnergyMillijoules: amount.positive().optional(),
  /** Largest size of all weights, bytes. */
  maxBytes: amount.positive().optional(),
  /** Largest size of all weights and peak activations together, bytes. */
  maxMemoryBytes: amount.positive().optional(),
};

/** What a recommended plan has to meet. */
export const useCaseSchema = z.object({
  latency: z
    .enum(["mean", "p50", "p95"])
    .default("mean")
    .describe("which latency constraints and front refer to"),
  /** Absent: latency, as in files from before energy was measured. */
  axis: z
    .enum(["latency", "energy"])
    .optional()
    .describe("what the front trades accuracy for: the latency, or the mean energy of a sample"),
  ...limits,
  /**
   * Probability with which the recommended plan has to meet the largest drop and the lowest accuracy; absent if the
   * calibration split's own figures are enough.
   */
  confidence: z
    .number()
    .min(confidenceRange[0])
    .max(confidenceRange[1])
    .optional()
    .describe(
      "guarantee the drop or the accuracy with this probability, such as 0.95, by tests on part of the calibration split",
    ),
  /** How often each class occurs in deployment, by its index; classes left out weigh 1. All figures are weighted by it. */
  classWeights: z
    .record(z.string().regex(/^(0|[1-9]\d*)$/), z.number().min(0).max(1e6))
    .readonly()
    .optional(),
});

export type UseCase = z.infer<typeof useCaseSchema>;

/** What a front counts beside accuracy: a latency, or the mean energy. */
export type FrontMeasure = UseCase["latency"] | "energy";

export function frontMeasure({ axis, latency }: Pick<UseCase, "axis" | "latency">): FrontMeasure {
  return axis === "energy" ? axis : latency;
}

export const constraintFieldSchema = z.object(limits).keyof();

export type ConstraintField = z.infer<typeof constraintFieldSchema>;

/** A constraint that a plan breaks, in the constraint's own unit. */
export const missSchema = z.object({
  constraint: constraintFieldSchema,
  wanted: z.number(),
  got: z.number(),
});

export type Miss = z.infer<typeof missSchema>;
