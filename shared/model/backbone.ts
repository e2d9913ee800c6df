import { z } from "zod";
import { amount, share } from "./bounds.ts";
import { warningSchema } from "./warning.ts";

const tensorInfoSchema = z.object({
  name: z.string(),
  /** At batch 1. */
  shape: z.array(z.number().int()).readonly(),
  type: z.string(),
});

/** One operator of the backbone's graph, as people see it. */
const graphNodeSchema = z.object({
  /** Unique in the model; made from the first output's name where the file gives none. */
  name: z.string(),
  operator: z.string(),
  /** Tensors read, without constants. */
  inputs: z.array(z.string()).readonly(),
  outputs: z.array(tensorInfoSchema).readonly(),
  /** Multiply-accumulate operations at batch 1; 0 for operators without weights. */
  macs: amount,
  parameters: amount,
  /** Bytes of the outputs at batch 1. */
  activationBytes: amount,
  /** Attributes as short text, for display only. */
  attributes: z.record(z.string(), z.string()).readonly(),
});

/** Where a row of tokens holds the patches of an image, row by row: their grid, and which token is the first of them. */
const patchGridSchema = z.object({
  height: z.number().int().positive(),
  width: z.number().int().positive(),
  first: z.number().int().nonnegative(),
});

/** A place where the graph splits into prefix and suffix, and where an exit head may be attached. */
export const cutPointSchema = z.object({
  /** Order along the backbone, from 0. */
  index: z.number().int().nonnegative(),
  /** The features that a head reads, float32 or float16: a map, or a row of tokens. Also the cut point's id. */
  tensor: z.string(),
  /**
   * The tensor that crosses from prefix to suffix: the same one, or in a quantised model the integer tensor
   * that `tensor` is dequantised from.
   */
  boundary: z.string(),
  /** Of `tensor` at batch 1: three axes or more, the batch first. */
  shape: z.array(amount).min(3).readonly(),
  /** Whether the channels are the second axis or the last one; the others but the batch are positions. */
  layout: z.enum(["channels-first", "channels-last"]).default("channels-first"),
  /** Of three axes only: how the tokens lie in the image, if that is known. Tokens beside the grid are class tokens. */
  patches: patchGridSchema.optional(),
  type: z.enum(["float32", "float16"]),
  /** Name of the node that produces `tensor`. */
  node: z.string(),
  /** MACs of the prefix, and their share of the whole (0-1). */
  macs: amount,
  macsShare: share,
  activationBytes: amount,
});

const scoreKind = z.enum(["logits", "probabilities"]);

/** A classifier that came with the model as an extra output, attached at a cut point. */
const readyExitSchema = z.object({
  output: z.string(),
  cutPoint: z.string(),
  /** What its output holds; logits if absent. */
  kind: scoreKind.optional(),
  /** MACs of all that is computed from the cut point to its scores; absent from older files, like what follows. */
  macs: amount.optional(),
  /** Those of them that are the backbone's own and computed again where a sample goes on; absent if there are none. */
  repeatedMacs: amount.optional(),
});

/** The image input: which axis is what, and whether the batch may vary. */
const backboneInputSchema = z.object({
  name: z.string(),
  /** Integers take the pixels themselves, see `pixelWriter`; floats are normalised. */
  type: z.enum(["float32", "float16", "float64", "uint8", "int8", "int32"]),
  /** In which order the values of an image stand. */
  layout: z.enum(["NCHW", "NHWC"]),
  channels: z.number().int().positive(),
  height: z.number().int().positive(),
  width: z.number().int().positive(),
  dynamicBatch: z.boolean(),
  /** The tensor's own dimensions at batch 1 where they aren't the layout's four: [1, 28, 28], [1, 784], [3, 32, 32]. */
  dims: z.array(z.number().int().positive()).readonly().optional(),
  /** Where the graph at once turns an integer image to floats: float = (integer - zeroPoint) * scale. */
  quantisation: z.object({ scale: z.number(), zeroPoint: z.number() }).optional(),
});

const backboneOutputSchema = z.object({
  name: z.string(),
  classes: z.number().int().min(2),
  /** What the file's output holds; found out by running it, not asked. */
  kind: scoreKind,
  /** The tensor that holds logits: the output itself, or what its Softmax reads; absent if only probabilities exist. */
  logitsTensor: z.string().optional(),
  type: z.enum(["float32", "float16", "float64"]),
  /**
   * At batch 1; [1, classes] if absent. All axes but one are 1, and where that one is 1 too, a single score tells two
   * classes apart: it means class 1.
   */
  shape: z.array(z.number().int().positive()).readonly().optional(),
});

/** What import finds out about a model; everything but the weights. */
export const backboneSummarySchema = z.object({
  name: z.string(),
  /** Who the model is: of the graph as import prepares it, weights included. Computed, never read from a file. */
  sha256: z.string(),
  /** The same without the weights' values, see `modelIdentity`: networks that share it take equally long. */
  graphSha256: z.string(),
  /**
   * Of the file that it was imported from, with its external data and what was chosen when it was opened: how files
   * of version 1 name it.
   */
  fileSha256: z.string(),
  producer: z.string(),
  irVersion: z.number().int(),
  opset: z.number().int(),
  input: backboneInputSchema,
  output: backboneOutputSchema,
  /** Further outputs of the file that may be taken for class scores instead. */
  otherOutputs: z.array(tensorInfoSchema).readonly().default([]),
  precision: z.enum(["float32", "float16", "int8"]),
  nodes: z.array(graphNodeSchema).readonly(),
  cutPoints: z.array(cutPointSchema).readonly(),
  readyExits: z.array(readyExitSchema).readonly(),
  warnings: z.array(warningSchema).readonly().default([]),
  macs: amount,
  parameters: amount,
  /** Bytes of all weights as stored. */
  parameterBytes: amount,
  peakActivationBytes: amount,
});

export type TensorInfo = Readonly<z.infer<typeof tensorInfoSchema>>;
export type GraphNode = Readonly<z.infer<typeof graphNodeSchema>>;
export type PatchGrid = Readonly<z.infer<typeof patchGridSchema>>;
export type CutPoint = Readonly<z.infer<typeof cutPointSchema>>;
export type ReadyExit = Readonly<z.infer<typeof readyExitSchema>>;
export type BackboneInput = Readonly<z.infer<typeof backboneInputSchema>>;
export type BackboneOutput = Readonly<z.infer<typeof backboneOutputSchema>>;
export type BackboneSummary = Readonly<z.infer<typeof backboneSummarySchema>>;

/** Whether a plan's or a front's name for its model means this one; version 1 named the model's file. */
export function isNameOf({ sha256, fileSha256 }: ModelNames, name: string): boolean {
  return name === sha256 || name === fileSha256;
}

type ModelNames = Pick<BackboneSummary, "sha256" | "fileSha256">;

/** Scores that the model's own output holds for one image: one per class, or 1 that tells two classes apart. */
export function scoreCount({ classes, shape }: Pick<BackboneOutput, "classes" | "shape">): number {
  return shape ? shape.reduce((product, dim) => product * dim, 1) : classes;
}

/** What the model's own output holds, for people. */
export function scoresText(output: BackboneOutput): string {
  if (scoreCount(output) > 1) return output.kind;
  return output.kind === "logits" ? "one logit" : "one probability";
}

/** A cut point's tensor. */
export type FeatureTensor = Pick<CutPoint, "shape" | "layout" | "patches">;

/** Features as a map: what heads pool, whichever way the backbone lays them out. */
export interface FeatureMap {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Which token of the row stands for the whole image, if one does; it is no part of the map. */
  readonly classToken?: number;
}

/**
 * Tokens whose grid isn't known are a map one position wide. Of more than two axes of positions the last is the
 * width and all before it the height.
 */
export function featureMapOf({ shape, layout, patches }: FeatureTensor): FeatureMap {
  const channels = layout === "channels-first" ? shape[1] : shape[shape.length - 1];
  const positions = layout === "channels-first" ? shape.slice(2) : shape.slice(1, -1);
  if (patches) {
    const { height, width, first } = patches;
    const beside = first > 0 ? 0 : height * width;
    return { channels, height, width, ...(positions[0] > height * width && { classToken: beside }) };
  }
  if (positions.length === 1) return { channels, height: positions[0], width: 1 };
  const height = positions.slice(0, -1).reduce((product, side) => product * side, 1);
  return { channels, height, width: positions[positions.length - 1] };
}

/** A cut point's features of one sample for people: channels x height x width, or tokens x width. */
export function featureText({ shape, layout }: FeatureTensor, times = "x"): string {
  if (layout === "channels-first") return shape.slice(1).join(times);
  const [channels, positions] = [shape[shape.length - 1], shape.slice(1, -1)];
  if (positions.length === 1) return `${positions[0]} tokens ${times.trim()} ${channels}`;
  return [channels, ...positions].join(times);
}
