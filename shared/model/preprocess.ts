import { z } from "zod";

const side = z.number().int().positive().max(16_384);
const size = z.union([side, z.tuple([side, side])], {
  error: "expected a number of pixels from 1 to 16384, or [height, width]",
});
const perChannel = <T extends z.ZodType<number>>(value: T) => z.array(value).min(1).max(4);

/**
 * How an image becomes a model's input: value = (pixel * scale - mean) / standardDeviation, per channel, after resizing
 * and cropping. Layout and final size are the model's.
 */
export const preprocessSchema = z.strictObject({
  /** The shorter side in pixels, keeping the proportions, or [height, width]. */
  resize: size.optional(),
  /** How pixels are interpolated when an image is resized. */
  interpolation: z.enum(["bilinear", "bicubic", "nearest"]).default("bilinear"),
  /** Whether shrinking averages all pixels, as Pillow and torchvision do; OpenCV and older tensor pipelines don't. */
  antialias: z.boolean().default(true),
  /** Whether photographs are turned as the camera says they were taken; torchvision and Keras don't. */
  exifOrientation: z.boolean().default(false),
  /** Side of the square in pixels, or [height, width]. */
  centreCrop: size.optional(),
  scale: z
    .number()
    .min(1e-9)
    .max(1e9)
    .default(1 / 255),
  /** One value for all channels or one per channel, in the order of the model's channels. */
  mean: perChannel(z.number().min(-1e9).max(1e9)).default([0]),
  standardDeviation: perChannel(z.number().min(1e-9).max(1e9)).default([1]),
  /** Order of the colours that the model reads; `grey` takes their luma, also where the model has three channels. */
  channels: z.enum(["rgb", "bgr", "grey"]).default("rgb"),
});

export type Preprocess = z.infer<typeof preprocessSchema>;

/** Which rectangle of the resized image a network sees: what its image is before it is scaled, but for the colours. */
export function imageFrame(
  { height, width }: { readonly height: number; readonly width: number },
  { resize, centreCrop, exifOrientation, interpolation, antialias }: Partial<Preprocess> = {},
): string {
  const resampling = resize === undefined ? [] : [interpolation, antialias];
  return JSON.stringify([height, width, resize, centreCrop, exifOrientation, ...resampling]);
}

/** A field that can't be meant as it is, and what to do about it. */
export interface PreprocessFault {
  readonly field: "mean" | "standardDeviation";
  readonly text: string;
}

/**
 * Finds a mean or deviation beyond what scaled pixels reach, such as 123.675 where they are divided by 255. Pixels are
 * bytes, unless the scale is too small for them: then they have 16 bits.
 */
export function findRangeFault({ scale, mean, standardDeviation }: Preprocess): PreprocessFault | undefined {
  const max = scale * (scale < 1 / 256 ? 65_535 : 255) * (1 + 1e-6);
  // A deviation of 1 divides by nothing.
  const outOfRange = {
    mean: mean.find((value) => Math.abs(value) > max),
    standardDeviation: standardDeviation.find((value) => value > max && value !== 1),
  };
  for (const field of ["mean", "standardDeviation"] as const) {
    const beyond = outOfRange[field];
    if (beyond === undefined) continue;
    const text =
      `${beyond} is beyond the scaled pixels' range, 0 to ${Number(max.toPrecision(4))}: ` +
      `set "scale" to 1, or ${Math.abs(scale * 255 - 1) < 1e-5 ? "divide it by 255" : `multiply it by the scale, ${Number(scale.toPrecision(4))}`}`;
    return { field, text };
  }
  return undefined;
}

export interface PreprocessPreset {
  readonly id: string;
  readonly title: string;
  readonly preprocess: Preprocess;
}

export const preprocessPresets: readonly PreprocessPreset[] = [
  preset("imagenet", "ImageNet, as torchvision trains", {
    resize: 256,
    centreCrop: 224,
    mean: [0.485, 0.456, 0.406],
    standardDeviation: [0.229, 0.224, 0.225],
  }),
  preset("cifar", "CIFAR-10 mean and deviation", {
    mean: [0.4914, 0.4822, 0.4465],
    standardDeviation: [0.247, 0.2435, 0.2616],
  }),
  preset("mnist", "MNIST mean and deviation, grey", {
    mean: [0.1307],
    standardDeviation: [0.3081],
    channels: "grey",
  }),
  preset("fashion-mnist", "Fashion-MNIST mean and deviation, grey", {
    mean: [0.286],
    standardDeviation: [0.353],
    channels: "grey",
  }),
  preset("unit", "0 to 1", {}),
  preset("none", "Values as they are", { scale: 1 }),
];

function preset(id: string, title: string, preprocess: z.input<typeof preprocessSchema>): PreprocessPreset {
  return { id, title, preprocess: preprocessSchema.parse(preprocess) };
}

/** Whether two preprocessings do the same, field by field. */
export function samePreprocess(a: Preprocess, b: Preprocess): boolean {
  const fields = Object.keys(preprocessSchema.shape) as (keyof Preprocess)[];
  return fields.every((field) => JSON.stringify(a[field]) === JSON.stringify(b[field]));
}
