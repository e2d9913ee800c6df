import { z } from "zod";

/** What a run can make less of. */
const economies = [
  "check images",
  "train images",
  "calibration images",
  "test images",
  "cut points",
  "head kinds",
  "epochs",
  "profile seconds",
  "corrupted images",
  "verified samples",
] as const;

/** The time that a run was given, what it took, and what it settled for to keep to it. */
export const timeBudgetSchema = z.object({
  seconds: z.number(),
  used: z.number(),
  /** Nothing if there was time for all. */
  settled: z.array(z.object({ what: z.enum(economies), took: z.number(), wanted: z.number() })),
});

export type Economy = (typeof economies)[number];
export type TimeBudgetReport = Readonly<z.infer<typeof timeBudgetSchema>>;
