import { z } from "zod";
import { dropBoundsSchema } from "../guarantee/drop-bounds.ts";
import { dropOutlookSchema } from "../guarantee/drop-outlook.ts";
import { guaranteeSchema } from "../guarantee/guarantee.ts";
import { amount, milliseconds, share } from "../model/bounds.ts";
import { crossFitSchema } from "../model/cross-fit.ts";
import { linkSchema } from "../model/link.ts";
import { chainSchema, partitionFields, planExitSchema, planFiguresSchema } from "../model/plan.ts";
import { targetSchema } from "../model/profile.ts";
import { referenceModelSchema } from "../model/reference-model.ts";
import { type FrontMeasure, missSchema, useCaseSchema } from "../model/use-case.ts";
import { imageForms } from "../offload/partition-points.ts";

/** A plan with the two figures that a chart needs; the latency is the one that the use case refers to. */
export const chartedPlanSchema = z.object({
  exits: z.array(planExitSchema),
  accuracy: share,
  /** Samples of the split that it gets right, each as often as it weighs; absent in older files and where none were counted. */
  right: z.number().int().nonnegative().optional(),
  latencyMs: milliseconds,
  /** Mean energy of a sample; of fronts of energies alone. */
  energyMillijoules: amount.optional(),
  /** See `planSchema`. */
  chain: chainSchema.optional(),
  /** Between the two targets of an `offload`; absent: all on the device. */
  ...partitionFields,
  /** Its drop on new images, by the file's `dropBounds`; absent where these say why, and in older files. */
  drop: dropOutlookSchema.optional(),
});

/** What a plan on two targets sustains, with device, link and server each working on a different sample. */
const throughputSchema = z.object({
  samplesPerSecond: amount,
  /** What limits it. */
  bottleneck: z.string(),
  /** Time per sample, ms. */
  loads: z.array(z.object({ worker: z.string(), msPerSample: milliseconds })),
  /** Share of samples that cross to the server. */
  crossingRate: share,
});

const searchRecordSchema = z.object({
  algorithm: z.string(),
  options: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  proven: z.boolean(),
  /** Upper bound (0-1) on what may still be missing of what the search was for; absent if it bounds nothing. */
  gap: z.number().optional(),
  /** The whole front if absent. */
  goal: z.enum(["front", "best"]).optional(),
  /** Whether it was stopped, or ran out of time, before it had ended. */
  stopped: z.boolean().optional(),
  evaluations: z.number().int().nonnegative(),
  seconds: milliseconds,
  hypervolume: share,
  /** By rising latency, or energy on a front of energies. */
  front: z.array(chartedPlanSchema),
});

const schemeRecordSchema = z.object({
  scheme: z.string(),
  /** One per value of the shared threshold. */
  plans: z.array(chartedPlanSchema),
});

/** A plan that a use case calls for; where none meets it, the nearest one. */
const recommendedSchema = z.object({
  exits: z.array(planExitSchema),
  figures: planFiguresSchema,
  feasible: z.boolean(),
  misses: z.array(missSchema),
  /** See `planSchema`. */
  chain: chainSchema.optional(),
  ...partitionFields,
  /** What device, link and server sustain; absent with one target. */
  throughput: throughputSchema.optional(),
  /** Its drop on new images, as of the plans on the front. */
  drop: dropOutlookSchema.optional(),
});

/** The fastest plan that keeps what is wanted of the accuracy on new images so probably. */
export const safePlanSchema = z.object({
  confidence: z.number(),
  /** Absent if no plan does that is faster than the backbone. */
  plan: recommendedSchema.optional(),
  /** About how many images would show that one does; only where none does, and one would be shown by any number. */
  samplesNeeded: z.number().positive().optional(),
});

/** What the first search found without the networks that were tuned. */
const frozenSchema = searchRecordSchema.extend({
  /** The project's further networks as they came, each by itself and without exits. */
  alone: z.array(chartedPlanSchema),
  /** Of these plans the one that the use case calls for; absent where its limits on size and spread leave none. */
  recommended: recommendedSchema.optional(),
});

const offloadSchema = z.object({
  /** Id of the server's profile. */
  profile: z.string(),
  server: targetSchema,
  link: linkSchema,
  /** How an image was counted on the link; absent in older files: as the network's input tensor. */
  images: z.enum(imageForms).optional(),
  /** Mean latency of the backbone where the server does all, the link included. */
  backboneMs: milliseconds,
  /** What the first search found for the device alone. */
  alone: z.array(chartedPlanSchema),
});

/** The format of `front.json`: what searches and fixed schemes found for one use case. */
export const frontFileSchema = z.object({
  format: z.literal("offramp-front"),
  version: z.literal(2),
  backboneSha256: z.string(),
  /** Id of the profile that it was searched with. */
  profile: z.string(),
  useCase: useCaseSchema,
  /** Size of the split that every figure in the file was worked out on. */
  samples: z.number().int().positive(),
  /** If they are weighted, by class or one by one: how many equally weighted ones would be as informative. */
  effectiveSamples: z.number().positive().optional(),
  /** The worst corner of the box that hypervolumes are shares of. */
  reference: z.object({ accuracy: share, latencyMs: milliseconds, energyMillijoules: amount.optional() }),
  /** The backbone as it came, on the same split and target. */
  backbone: z.object({ accuracy: share, latencyMs: milliseconds, energyMillijoules: amount.optional() }),
  searches: z.array(searchRecordSchema),
  schemes: z.array(schemeRecordSchema),
  /** Absent where no network of the project was tuned; its hypervolume is of the same box. */
  frozen: frozenSchema.optional(),
  recommended: recommendedSchema,
  /** What is guaranteed of the recommended plan if a confidence was wanted, and what would be recommended without. */
  guarantee: guaranteeSchema.extend({ plain: recommendedSchema }).optional(),
  /** Where plans were chosen on all held-out samples, on which every figure of the file is then: how the halves took turns. */
  crossFit: crossFitSchema.optional(),
  /** What drops on new images are judged by, or why they can't be; absent in older files. */
  dropBounds: dropBoundsSchema.optional(),
  /** Absent where nothing is wanted of the accuracy, where drops have no bounds, and where a guarantee was wanted instead. */
  safe: safePlanSchema.optional(),
  /** A second target that plans may be partitioned for; absent if there is one target. */
  offload: offloadSchema.optional(),
  /** Static networks that were measured beside; their accuracy is weighted as the plans' is. */
  references: z.array(referenceModelSchema).optional(),
});

/** Version 1 named no profile. */
export const frontOfVersionOneSchema = frontFileSchema.omit({ profile: true }).extend({
  version: z.literal(1),
  offload: offloadSchema.omit({ profile: true }).optional(),
});

/** What a front's use case counts of one of its plans, ms or mJ. */
export function statedCost(
  { latencyMs, energyMillijoules }: Pick<ChartedPlan, "latencyMs" | "energyMillijoules">,
  measure: FrontMeasure,
): number {
  return measure === "energy" ? (energyMillijoules ?? Number.POSITIVE_INFINITY) : latencyMs;
}

export type ChartedPlan = z.infer<typeof chartedPlanSchema>;
export type SearchRecord = z.infer<typeof searchRecordSchema>;
export type FrozenFront = z.infer<typeof frozenSchema>;
export type FrontFile = z.infer<typeof frontFileSchema>;
