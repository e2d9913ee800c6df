import { z } from "zod";
import { milliseconds, share } from "../model/bounds.ts";
import { planExitSchema, planFiguresSchema } from "../model/plan.ts";

const points = z.number();
const interval = z.tuple([z.number(), z.number()]);
const count = z.int().nonnegative();

/** The share of inputs that leave at one exit, or at the end. */
const rateChangeSchema = z.object({
  field: share,
  calibration: share,
  differencePp: points,
  intervalPp: interval,
});

/** How sure an exit is of those that reach it, in the field beside calibration. */
const surenessChangeSchema = z.object({
  /** How many reach it. */
  field: count,
  calibration: count,
  /** Corrected for the number of tests. */
  pValue: share,
  isShifted: z.boolean(),
  /** The confidence from which on the shares differ most. */
  from: share,
  /** By how much the field's share is larger there, so that a positive one is surer. */
  differencePp: points,
  /** Of all such confidences at once. */
  halfWidthPp: points,
  /** How many have a confidence in each of the bins that runners count. */
  bins: z.object({ field: z.array(count), calibration: z.array(count) }),
});

/** Whether a plan meets in the field what it was made with. */
const comparisonSchema = z.object({
  rates: z.object({ pValue: share, isShifted: z.boolean(), exits: z.array(rateChangeSchema) }),
  /** Per exit, without the end. */
  sureness: z.array(surenessChangeSchema),
});

/** Mean latency, ms. */
const latencySchema = z.object({
  calibrationMs: milliseconds,
  /** Of the field's exit rates, as the profile prices them. */
  fieldMs: milliseconds,
  intervalMs: interval,
  /** By the runner's own clock, where it had one. */
  measured: z.object({ meanMs: milliseconds, intervalMs: interval, inputs: count }).optional(),
});

/** What the plan does on calibration samples that count as often as their like come in the field. */
const estimateSchema = z.object({
  /** How many equal samples they are worth. */
  effectiveSamples: z.number().positive(),
  /** Share of the field's inputs that do what no sample does. */
  unmatched: share,
  /** By which share the farthest group of samples is off still. */
  residual: share,
  accuracy: share,
  calibrationAccuracy: share,
  backboneAccuracy: share,
});

/** The plan's exits with thresholds for the field. */
const refittedSchema = z.object({
  exits: z.array(planExitSchema),
  figures: planFiguresSchema,
  intervalMs: interval,
  /** Accuracy against the thresholds that the field was counted with. */
  gainPp: points,
  gainHalfWidthPp: points,
});

/** What the counts of a plan in the field say of it. */
export const fieldReportSchema = z.object({
  /** Operating point; null for the plan's own thresholds. */
  point: z.string().nullable(),
  inputs: count,
  /** Calibration samples, of equal weight. */
  samples: count,
  /** With the thresholds that were counted. */
  exits: z.array(planExitSchema),
  isShifted: z.boolean(),
  comparison: comparisonSchema,
  latency: latencySchema,
  /** Absent where no sample is like the field. */
  estimate: estimateSchema.optional(),
  /** Absent where the samples that are like the field are too few. */
  refitted: refittedSchema.optional(),
});

export type FieldReport = Readonly<z.infer<typeof fieldReportSchema>>;
export type FieldComparison = Readonly<z.infer<typeof comparisonSchema>>;
export type RateChange = z.infer<typeof rateChangeSchema>;
export type SurenessChange = z.infer<typeof surenessChangeSchema>;
export type FieldLatency = z.infer<typeof latencySchema>;
