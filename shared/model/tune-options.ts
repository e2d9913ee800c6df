import { z } from "zod";

const share = z.number().min(0).max(1);

/** How a backbone and its exits learn together; descriptions are the labels of flags and form fields. */
export const tuneOptionsSchema = z.strictObject({
  epochs: z.number().int().min(1).max(10_000).default(10).describe("passes over the training images"),
  batchSize: z
    .number()
    .int()
    .min(2)
    .max(65_536)
    .default(128)
    .describe("images per training step, of all processes together"),
  learningRate: z.number().min(1e-7).max(10).default(0.05).describe("peak learning rate"),
  warmUp: share
    .default(0.05)
    .describe("share of the steps in which the learning rate rises; then it falls by a half cosine"),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(5e-4)
    .describe("weight decay of weights with more than one axis"),
  distillation: share.default(0.5).describe("share of the teacher's softmax in every output's target"),
  teacher: z
    .enum(["backbone", "itself"])
    .default("backbone")
    .describe(
      "whose softmax that is: the project's backbone, where its images are made alike, or the network itself as it was",
    ),
  temperature: z.number().min(0.1).max(100).default(2).describe("temperature of that softmax"),
  lastWeight: z
    .number()
    .min(0)
    .max(1000)
    .default(2)
    .describe("weight of the last output, where every exit has 1"),
  sharedGradients: z
    .enum(["mean", "sum"])
    .default("mean")
    .describe("what blocks that several outputs share get of their gradients"),
  averaging: z
    .number()
    .min(0)
    .max(0.99999)
    .default(0.999)
    .describe("how much the weights' moving average keeps of itself at each step"),
  clip: z
    .number()
    .min(1e-3)
    .max(1e6)
    .default(5)
    .describe(
      "longest gradient of a step; longer ones are shortened to it, so that no step throws the weights off",
    ),
  crop: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.125)
    .describe("how far training images are moved, as a share of their side"),
  flip: z.boolean().default(true).describe("mirror half of the training images"),
  batchNorm: z
    .boolean()
    .default(true)
    .describe("put batch norms behind convolutions that have lost theirs; they are folded back in the end"),
  frozen: share
    .default(0)
    .describe(
      "share of the backbone's layers, from the image on, that keep their weights; with 1 exits alone learn",
    ),
  precision: z
    .enum(["auto", "float32", "bfloat16"])
    .default("auto")
    .describe("what numbers are computed in; auto takes bfloat16 where the processor or GPU has it"),
  heldOut: z
    .number()
    .min(0.001)
    .max(0.5)
    .default(0.05)
    .describe("share of the training images that tells which epoch is the best"),
  patience: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(5)
    .describe("epochs without a better one before training stops"),
  protect: z
    .boolean()
    .default(true)
    .describe("take no epoch whose last output is less accurate than it was, if any keeps it"),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1)
    .describe("seed of every random choice"),
});

export type TuneOptions = Readonly<z.infer<typeof tuneOptionsSchema>>;
