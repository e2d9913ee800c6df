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
  /** How pixels between pixels are made when an image is resized. */
  interpolation: z.enum(["bilinear", "bicubic", "nearest"]).default("bilinear"),
  /** Whether shrinking averages all pixels, as Pillow and torchvision do; OpenCV and older tensor pipelines don't. */
  antialias: z.boolean().default(true),
  /** Whether photographs are turned as the camera says they were taken; torchvision and Keras don't. */
  exifOrientation: z.boolean().default(false),
  /** Side of the square in pixels, or [height, width]. */
  centreCrop: size.optional(),
  scale: z
    .number()
    .positive()
    .default(1 / 255),
  /** One value for all channels or one per channel, in the order of the model's channels. */
  mean: perChannel(z.number()).default([0]),
  standardDeviation: perChannel(z.number().positive()).default([1]),
  /** Order of the colours that the model reads; `grey` takes their luma, also where the model has three channels. */
  channels: z.enum(["rgb", "bgr", "grey"]).default("rgb"),
});

export type Preprocess = z.infer<typeof preprocessSchema>;

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
