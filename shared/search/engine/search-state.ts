import { z } from "zod";
import { thresholdedExitSchema } from "../../space/thresholded-exit.ts";
import { type ProgressRecord, progressRecordSchema } from "./search-progress.ts";

const foundPlanSchema = z.object({
  /** Samples that the plan gets right. */
  right: z.number().int().nonnegative(),
  latencyMs: z.number().nonnegative(),
  /** In the order that a sample meets them. */
  plan: z.array(thresholdedExitSchema).readonly(),
});

/** A plan that a search has found, with the figures that count. */
export type FoundPlan = Readonly<z.infer<typeof foundPlanSchema>>;

/** The state of a search, as a file keeps it: another search of the same space continues from there. */
export const searchStateSchema = progressRecordSchema.extend({
  evaluations: z.number().int().nonnegative(),
  /** The plans found that no other one found beats. */
  found: z.array(foundPlanSchema.readonly()),
});

export type SearchState = z.infer<typeof searchStateSchema>;

/** What one of several that search together has to tell: plans found, parts finished, and plans evaluated for it. */
export interface SearchUpdate {
  readonly found: readonly FoundPlan[];
  readonly finished: ProgressRecord["done"];
  readonly evaluations: number;
}
