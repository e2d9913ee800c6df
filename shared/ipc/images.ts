import { z } from "zod";
import { classOrderSchema } from "../model/class-order.ts";

/** A small picture of a sample as the network sees it: preprocessed, then scaled back to 0-255. */
export const thumbnailSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Row-major RGBA [height x width x 4]. */
  rgba: z.instanceof(Uint8Array),
  /** Class of the sample, as index into the class names. */
  label: z.number().int(),
  /** Where it lies: `train/cat/7.png` or `x_train[7]`. */
  source: z.string(),
});

/** What the backbone answers to some images, and the classes of these. */
export const answeredSchema = z.object({
  labels: z.instanceof(Int32Array),
  answers: z.instanceof(Int32Array),
});

/** A data set looked at before anything is trained with it. */
export const dataViewSchema = z.object({
  path: z.string(),
  format: z.string(),
  formatTitle: z.string(),
  classNames: z.array(z.string()),
  /** What the data set itself calls each class: its number where something else names them. */
  ownClassNames: z.array(z.string()),
  /** Names of the scores in the model's metadata; null if it has none. */
  modelClassNames: z.array(z.string()).nullable(),
  classOrder: classOrderSchema,
  /** How the data set was read, where the person should know: what was skipped, what was assumed. */
  notes: z.array(z.string()),
  /** Images of each part that lies on disk (train, val, test, all), per class. */
  parts: z.array(z.object({ name: z.string(), perClass: z.array(z.number().int()) })),
  /** Sizes of the three splits that these options make. */
  splits: z.object({ train: z.number(), calibration: z.number(), test: z.number() }),
  images: z.array(thumbnailSchema),
  unreadable: z.array(z.string()),
  /** Share (0-1) of some calibration images that the backbone classifies right with this preprocessing. */
  accuracy: z.number(),
  accuracySamples: z.number().int(),
  /** To these images. */
  answered: answeredSchema,
});

export type Thumbnail = Readonly<z.infer<typeof thumbnailSchema>>;
export type DataView = Readonly<z.infer<typeof dataViewSchema>>;
