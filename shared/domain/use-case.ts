import { z } from "zod";

/** The constraints that a recommended plan has to meet; absent ones don't bind. */
export const useCaseSchema = z.object({
  /** Which latency the constraint and the front speak of. */
  latency: z.enum(["mean", "p50", "p95"]).default("mean"),
  maxLatencyMs: z.number().positive().optional(),
  /** Share, 0-1. */
  minAccuracy: z.number().min(0).max(1).optional(),
  /** Largest accuracy drop against the backbone on the same split, percentage points. */
  maxDropPp: z.number().min(0).max(100).optional(),
  /** Largest size of all weights, bytes. */
  maxBytes: z.number().positive().optional(),
});

export type UseCase = z.infer<typeof useCaseSchema>;
