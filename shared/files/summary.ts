import { z } from "zod";
import { statedOutlookSchema } from "../guarantee/drop-bounds.ts";
import { guaranteeSchema } from "../guarantee/guarantee.ts";
import { backboneCheckSchema } from "../model/backbone-check.ts";
import { amount, milliseconds, share, temperature } from "../model/bounds.ts";
import { classOrderSchema } from "../model/class-order.ts";
import { crossFitSchema } from "../model/cross-fit.ts";
import { dataTrustSchema } from "../model/data-trust.ts";
import { latencyFiguresSchema, planExitSchema, planSchema } from "../model/plan.ts";
import { energySensorSchema, profileQualitySchema, targetSchema } from "../model/profile.ts";
import { statementSchema } from "../model/statement.ts";
import { timeBudgetSchema } from "../model/time-budget.ts";
import { missSchema, useCaseSchema } from "../model/use-case.ts";
import { warningSchema } from "../model/warning.ts";
import { weightedAccuracySchema } from "../model/weighted-accuracy.ts";
import { safePlanSchema } from "./front-file.ts";
import { runRecordSchema } from "./run-record.ts";

/** A 95 % confidence interval, low and high. */
const intervalSchema = z.tuple([z.number(), z.number()]);

/** Accuracy (0-1) and latencies of a network. */
const figuresSchema = z.object({
  accuracy: z.number(),
  accuracyInterval: intervalSchema.optional(),
  /** The interval is of a mean that was measured, where there were turns enough. */
  latencyMs: latencyFiguresSchema.extend({ meanInterval: intervalSchema.optional() }),
  /** Mean energy of a sample, absent where it isn't known, and what is known of it, 95 %. */
  energyMillijoules: amount.optional(),
  energyIntervalMillijoules: intervalSchema.optional(),
});

/** How files were run beside the backbone. */
const verificationSchema = z.object({
  /** Test samples that were run, of so many: measured figures are of these, and so are those predicted beside them. */
  samples: z.number().int(),
  available: z.number().int(),
  /** Absent, as what follows from it, where one turn was all. */
  speedupInterval: intervalSchema.optional(),
  /** Whether the predicted mean latency and speed-up lie in the intervals of the measured ones. */
  isMeanWithin: z.boolean().optional(),
  isSpeedupWithin: z.boolean().optional(),
  /** Blocks of turns, and those that mean latencies and speed-up leave out, as a burst hit one network alone. */
  blocks: z.number().int(),
  leftOutBlocks: z.number().int(),
  /** What energies were counted by, or why there are none; absent from files that were made before they were. */
  energySensor: energySensorSchema.optional(),
});

/** One output's quality on the test split; the backbone's own output has no cut point and no head. */
export const outputQualitySchema = z.object({
  cutPoint: z.string().nullable(),
  head: z.string().nullable(),
  accuracy: share,
  temperature,
  /** Of the top-1 softmax after temperature scaling. */
  expectedCalibrationError: share,
  /** Per exit policy. */
  failurePredictionAuroc: z.record(z.string(), share),
  /** Equal-width bins of the top-1 softmax over [0, 1]. */
  reliability: z.array(
    z.object({ confidence: share, accuracy: share, count: z.number().int().nonnegative() }),
  ),
});

/** A static network beside backbone and plan. */
const referenceFiguresSchema = figuresSchema.omit({ latencyMs: true }).extend({
  name: z.string(),
  sha256: z.string(),
  /** On the calibration split, where the plan was chosen. */
  calibrationAccuracy: share,
  /** Timed in turns with the backbone, at the profile's pace. */
  latencyMs: z.object({ mean: milliseconds, p50: milliseconds, p95: milliseconds }),
  macs: amount,
  bytes: amount,
  /** Mean latency of the backbone over its own. */
  speedup: z.number(),
  /** Its accuracy minus the plan's, percentage points, and the half width of its 95 % interval (paired). */
  accuracyGainPp: z.number(),
  accuracyGainHalfWidthPp: z.number(),
  /** The plan's measured mean latency over its own. */
  timesFaster: z.number(),
});

/** A network that a run compares with the float backbone: its own plan, the int8 backbone, or that with exits. */
const comparedSchema = figuresSchema.extend({
  name: z.enum(["early exit", "int8", "int8 + early exit"]),
  /** Within the results; this file was run over the test split in turns with the float backbone. */
  file: z.string(),
  /** Of all weights. */
  bytes: amount,
  /** Accuracy of the float backbone minus its own, percentage points, and the half width of its 95 % interval (paired). */
  accuracyDropPp: z.number(),
  accuracyDropHalfWidthPp: z.number(),
  /** Mean latency of the float backbone over its own. */
  speedup: z.number(),
  /** The backbone's own output last. */
  exitRates: z.array(share),
  /** Share of test samples whose exit and class are those of its confidence table. */
  decisionAgreement: share,
  /** Beside the float backbone's plan, sample by sample; of the int8 backbone with exits alone. */
  besidePlan: z
    .object({ accuracyGainPp: z.number(), accuracyGainHalfWidthPp: z.number(), timesFaster: z.number() })
    .optional(),
});

/** One of several networks of a project, all of it run for every sample. */
const networkFiguresSchema = z.object({
  name: z.string(),
  sha256: z.string(),
  /** SHA-256 of the network that it was tuned from; absent of one that came as it is. */
  tunedFrom: z.string().optional(),
  accuracy: share,
  accuracyInterval: intervalSchema,
  /** On the samples that plans were chosen on; absent from files that were made before it was kept. */
  calibrationAccuracy: share.optional(),
  /** As profiled, at the backbone's pace; coming by its own image included. */
  latencyMs: z.object({ mean: milliseconds }),
  macs: amount,
  parameters: amount,
  /** Mean latency of the backbone over its own. */
  speedup: z.number(),
  /** Of members: every head that was trained, and last its own output; those of the backbone are `outputs`. */
  outputs: z.array(outputQualitySchema).optional(),
});

/**
 * How many times as fast as the backbone the fastest plan is that loses no more than so much of its accuracy, without tuned networks
 * and with them, and the fastest static network, if one is, on the samples that plans are chosen on. On a front of energies: how
 * many times less energy the one of least energy takes.
 */
const speedupsAtDropSchema = z.object({
  dropPp: z.number(),
  frozen: z.number(),
  tuned: z.number(),
  rival: z.object({ name: z.string(), speedup: z.number() }).optional(),
});

/** The format of `summary.json`: what a run found, all figures on the test split unless said otherwise. */
export const summarySchema = z.object({
  format: z.literal("offramp-summary"),
  version: z.literal(2),
  model: z.object({
    name: z.string(),
    sha256: z.string(),
    graphSha256: z.string(),
    macs: z.number(),
    parameters: z.number(),
    cutPoints: z.number().int(),
  }),
  data: z.object({
    path: z.string(),
    format: z.string(),
    classes: z.number().int(),
    /** Absent, like `check`, from files that were made before it was said. */
    classOrder: classOrderSchema.optional(),
    classNames: z.array(z.string()).default([]),
    /** How the data set was read, where the person should know: what was skipped, what was assumed. */
    notes: z.array(z.string()).default([]),
    /** Of the backbone before training; absent where nothing was trained. */
    check: backboneCheckSchema.optional(),
    warnings: z.array(warningSchema).default([]),
    samples: z.object({ train: z.number(), calibration: z.number(), test: z.number() }),
    unreadable: z.array(z.string()),
  }),
  /** Whether calibration stands for unseen images; absent from files that were made before it was tested. */
  trust: dataTrustSchema.optional(),
  target: targetSchema,
  /** What report, terminal and window say of the plan, in this order; nothing in files that were made before it was kept. */
  verdict: z.array(statementSchema).default([]),
  /** Id of the profile that latencies are predicted with. */
  profile: z.string(),
  /** How far that one can be trusted; absent where it doesn't say. */
  profileQuality: profileQualitySchema.optional(),
  useCase: useCaseSchema,
  /** What is guaranteed of the plan; absent unless the use case wants a confidence. */
  guarantee: guaranteeSchema.optional(),
  /** The plan's drop on new images, by the calibration split, or why it has no bound; absent from older files. */
  newImages: statedOutlookSchema.optional(),
  /** The fastest plan that keeps the wish surely, figures of the calibration split; see front.json. */
  safe: safePlanSchema.optional(),
  /** Measured beside the plan, in the same run. */
  backbone: figuresSchema,
  plan: z.object({
    /** See the plan's file. */
    chain: planSchema.shape.chain,
    exits: z.array(planExitSchema.extend({ rate: z.number() })),
    /** From the test split's confidence table and the profile, at the machine's speed at verification. */
    predicted: figuresSchema,
    /** The same at the machine's speed when it was profiled. */
    profiled: figuresSchema,
    /** Where `profiled` lies by the profile's own intervals, 95 %; absent where it has none. */
    predictedInterval: z
      .object({
        meanMs: intervalSchema,
        speedup: intervalSchema,
        energyMillijoules: intervalSchema.optional(),
      })
      .optional(),
    /** From running the exported file. */
    measured: figuresSchema,
    /** On the calibration split, where the plan was chosen. */
    calibration: figuresSchema,
    exitRates: z.object({ predicted: z.array(z.number()), measured: z.array(z.number()) }),
    macs: z.number(),
    bytes: z.number(),
    /** Whether the use case is met on the calibration split, and if not, by how much it is missed. */
    feasible: z.boolean(),
    misses: z.array(missSchema),
    /** Who chose it: a search for this use case, or a person; absent from files that were made before it was said. */
    chosenBy: z.enum(["search", "person"]).optional(),
  }),
  /** The networks that plans may go through where there are several, the backbone first; absent where it is alone. */
  networks: z.array(networkFiguresSchema).optional(),
  /** Static networks that it was compared with, sample by sample; absent from files that were made before. */
  references: z.array(referenceFiguresSchema).default([]),
  /** Names of those of which it isn't known which test images they get right. */
  uncompared: z.array(z.string()).default([]),
  /** Early exits, int8 and both together, all against the float backbone; empty unless int8 was asked for. */
  compared: z.array(comparedSchema).default([]),
  /** Measured mean latency of the backbone over the plan's. */
  speedup: z.number(),
  /** How it was measured; absent from files that were made before it was kept. */
  verification: verificationSchema.optional(),
  /** Of the medians. */
  speedupP50: z.number(),
  /** Predicted speed-up of the mean: the same from profile and table. */
  speedupPredicted: z.number(),
  /**
   * Where the plan was chosen on the test images too: the plans of both halves, each on images that had no part in choosing
   * it. Accuracy is then that of `crossFit.pooled` alone; predicted and measured accuracies are of images that the plan was
   * chosen on, and have no intervals.
   */
  crossFit: crossFitSchema.optional(),
  /**
   * Measured accuracy of the backbone minus the plan's, percentage points, and the half width of its 95 % interval; that of
   * `crossFit.pooled` where there is one.
   */
  accuracyDropPp: z.number(),
  accuracyDropHalfWidthPp: z.number(),
  /** Predicted against measured mean latency, signed, per cent of the measured one. */
  latencyErrorPct: z.number(),
  /** The same of the energy; absent where it wasn't measured, or not predicted. */
  energyErrorPct: z.number().optional(),
  /**
   * How much slower the backbone ran at verification than when it was profiled, per cent (means). Predictions
   * are scaled by it, so that the error is the model's and not the machine's.
   */
  machineDriftPct: z.number(),
  /**
   * Where the use case weights classes, by which all figures are weighted then: of how many equal samples they are worth,
   * and accuracies and their drop with all samples alike.
   */
  weighted: weightedAccuracySchema.optional(),
  /** Share of test samples whose exit and class are the confidence table's. */
  decisionAgreement: z.number(),
  search: z.object({
    algorithm: z.string(),
    proven: z.boolean(),
    evaluations: z.number(),
    seconds: z.number(),
    hypervolume: z.number(),
  }),
  /** What the search found without the tuned networks beside what it found with them; absent where there are none. */
  tuning: z
    .object({
      frozen: z.object({
        proven: z.boolean(),
        hypervolume: z.number(),
        recommended: safePlanSchema.shape.plan,
      }),
      speedups: z.array(speedupsAtDropSchema),
    })
    .optional(),
  /** Every head that was trained, and last the backbone's own output. */
  outputs: z.array(outputQualitySchema),
  /** What a run with a limited time settled for; absent without a limit. */
  timeBudget: timeBudgetSchema.optional(),
  /** How it was asked for; absent from older files, and where the window or the demo made them. */
  recorded: runRecordSchema.optional(),
  stageSeconds: z.record(z.string(), z.number()),
  wallSeconds: z.number(),
  peakRssBytes: z.number(),
});

export type SpeedupsAtDrop = Readonly<z.infer<typeof speedupsAtDropSchema>>;
export type NetworkFigures = z.infer<typeof networkFiguresSchema>;
export type OutputQuality = z.infer<typeof outputQualitySchema>;
export type Summary = z.infer<typeof summarySchema>;
