import { z } from "zod";
import { useCaseSchema } from "./use-case.ts";

/**
 * What a person chooses for each stage, with the defaults that the command line and the app share. Descriptions are
 * the labels of flags and form fields.
 */

/** Of the images, 0-1. */
const share = z.number().min(0.01).max(0.9);
/** Fewer images than there are are drawn per class in proportion. */
const limit = z.number().int().min(1).optional();
const seed = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31)
  .default(1)
  .describe("seed of every random choice");

export const splitOptionsSchema = z
  .strictObject({
    calibrationFrom: z
      .enum(["held-out", "train"])
      .default("held-out")
      .describe("which images become the calibration split where the data has none; heads learn from train"),
    calibrationShare: share
      .optional()
      .describe("share of those images for calibration; half of the held-out ones if absent, else 0.2"),
    testShare: share.default(0.2).describe("share for the test split where the data has none"),
    trainLimit: limit.describe("most images that heads train on"),
    calibrationLimit: limit.describe("most images that thresholds are chosen on"),
    testLimit: limit.describe("most images that results are reported on"),
    nothingLearns: z
      .boolean()
      .optional()
      .describe("keep no images back to learn from where the data has no train split"),
    seed,
  })
  .refine(({ calibrationShare = carvedShare, testShare }) => calibrationShare + testShare < 1, {
    message: "calibrationShare and testShare leave nothing to train on",
    path: ["testShare"],
  });

/** Calibration's share of images that heads learn from as well, and of held-out ones, unless a person says otherwise. */
export const carvedShare = 0.2;
export const heldOutShare = 0.5;

/** Images of each split unless the person wants more or fewer. */
export const defaultSplitLimits = { trainLimit: 20_000, calibrationLimit: 10_000, testLimit: 10_000 };

/** Passes over the train split that a head takes at most. */
export const mostEpochs = 1000;

export const trainOptionsSchema = z.strictObject({
  epochs: z.number().int().min(1).max(mostEpochs).default(10).describe("most passes over the train split"),
  batchSize: z.number().int().min(1).max(65_536).default(256).describe("images per training step"),
  learningRate: z.number().min(1e-6).max(1).default(2e-3).describe("peak learning rate"),
  distillation: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("share of the backbone's own softmax in the target"),
  patience: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(3)
    .describe("epochs without a better loss on the held-out slice before training stops"),
  copies: z
    .number()
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe("further versions of each train image, moved at random, that heads learn from in turn"),
  crop: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.125)
    .describe("how far these are moved at most, as a share of the image's side"),
  flip: z.boolean().default(true).describe("mirror half of them"),
  seed,
});

export const targetOptionsSchema = z.strictObject({
  threads: z.number().int().min(1).max(1024).default(1).describe("threads of the target"),
  provider: z
    .string()
    .default("cpu")
    .describe("ONNX Runtime execution provider of the target, see `offramp providers`"),
});

export const profileOptionsSchema = z.strictObject({
  target: targetOptionsSchema,
  seconds: z
    .number()
    .min(0.1)
    .max(3600)
    .default(30)
    .describe("longest time to measure; it ends when every prefix is known to 1 % of the backbone's latency"),
});

export const verifyOptionsSchema = z.strictObject({
  seconds: z
    .number()
    .min(1)
    .max(86_400)
    .default(300)
    .describe("how long to verify; where not all test samples fit, as many as do are drawn class by class"),
});

/** How ranges of bytes are chosen: all that was seen, without the outermost, or with the least squared error. */
export const rangeMethods = ["min-max", "percentile", "least-error"] as const;
export type RangeMethod = (typeof rangeMethods)[number];

export const quantiseOptionsSchema = z.strictObject({
  images: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(256)
    .describe("calibration images that the ranges of activations are taken from"),
  ranges: z.enum(rangeMethods).default("least-error").describe("how these ranges are chosen"),
});
export type QuantiseOptions = Readonly<z.infer<typeof quantiseOptionsSchema>>;

export const searchOptionsSchema = z.strictObject({
  algorithm: z.string().default("exact"),
  algorithmOptions: z.record(z.string(), z.unknown()).default({}),
  /** Policies that exits may use, by id. */
  policies: z.array(z.string()).min(1).default(["top1"]),
  maxExits: z.number().int().min(1).max(16).default(3).describe("most exits of a plan"),
  levels: z.number().int().min(1).max(1024).default(32).describe("threshold levels per exit"),
  /** Most evaluations of a search that is not exhaustive. */
  budget: z.number().int().min(1).default(20_000).describe("most plans that a heuristic algorithm evaluates"),
  seed,
  goal: z
    .enum(["front", "best"])
    .optional()
    .describe("what the search is for: the whole front, or the best plan alone, far cheaper"),
  /** Seconds, for each algorithm. */
  timeLimit: z
    .number()
    .min(0.01)
    .optional()
    .describe("longest time for the search; it then says what gap is left"),
  threads: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe("threads that share an exact search; one per core if absent"),
  crossFit: z
    .boolean()
    .optional()
    .describe(
      "choose the plan on all held-out images; its accuracy is that of plans chosen on each half and reported on the other (three searches)",
    ),
  refine: z.boolean().optional().describe("refine the recommended plan's thresholds off the grid of levels"),
  /** Whether the other algorithms run as well, for comparison. */
  compare: z.boolean().default(true),
  useCase: useCaseSchema,
});

export type SplitOptions = z.input<typeof splitOptionsSchema>;
export type TrainOptions = Readonly<z.infer<typeof trainOptionsSchema>>;
/** What runs where, and by which sensor its energy is counted. A sensor may be a command, so no file and no window can name it. */
export type TargetOptions = Readonly<z.infer<typeof targetOptionsSchema>> & {
  readonly energySensor?: string;
};
export type ProfileOptions = Readonly<z.infer<typeof profileOptionsSchema>>;
export type VerifyOptions = Readonly<z.infer<typeof verifyOptionsSchema>>;
export type SearchOptions = Readonly<z.infer<typeof searchOptionsSchema>>;
