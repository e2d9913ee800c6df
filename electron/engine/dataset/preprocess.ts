import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { BackboneInput } from "../../../shared/domain/backbone.ts";
import { AppError } from "../../../shared/errors.ts";
import { pathKind, unreadable } from "./paths.ts";

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

/**
 * Finds a preset by name, or reads a JSON file.
 * @throws AppError 'usage' for a name that is neither, 'file-invalid' naming the field that is wrong
 */
export async function loadPreprocess(nameOrPath: string): Promise<Preprocess> {
  const found = preprocessPresets.find((preset) => preset.id === nameOrPath);
  if (found !== undefined) return found.preprocess;
  if (!/[./\\]/.test(nameOrPath) && (await pathKind(nameOrPath)) === undefined) {
    const names = preprocessPresets.map((preset) => preset.id).join(", ");
    throw new AppError(
      "usage",
      `unknown preprocessing "${nameOrPath}": use one of ${names}, or the path of a JSON file`,
    );
  }
  return parsePreprocess(await readJson(nameOrPath), nameOrPath);
}

/**
 * @param where what `value` was read from, for the message
 * @throws AppError 'file-invalid' naming the first field that is wrong
 */
export function parsePreprocess(value: unknown, where: string): Preprocess {
  const parsed = preprocessSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue.path.length > 0 ? `"${issue.path.join(".")}": ` : "";
  throw new AppError("file-invalid", `${where}: ${field}${issue.message}`, { path: where });
}

/**
 * Checks what can be checked before any image is read.
 * @throws AppError 'data-mismatch' if mean or deviation don't fit the model's channels
 */
export function checkPreprocess(preprocess: Preprocess, input: BackboneInput): void {
  for (const field of ["mean", "standardDeviation"] as const) {
    const found = preprocess[field].length;
    if (found !== 1 && found !== input.channels) {
      throw new AppError(
        "data-mismatch",
        `the preprocessing's ${field} has ${found} values, but the model's input "${input.name}" has ` +
          `${input.channels} channels: give one value or ${input.channels}`,
      );
    }
  }
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("file-invalid", `${path}: is no JSON (${reason})`, { path }, { cause: error });
  }
}

function preset(id: string, title: string, preprocess: z.input<typeof preprocessSchema>): PreprocessPreset {
  return { id, title, preprocess: preprocessSchema.parse(preprocess) };
}
