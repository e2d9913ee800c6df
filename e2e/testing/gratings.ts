import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { type Random, randomNormal, seededRandom } from "../../shared/base/random.ts";

/** The classes of the test images: stripes in four directions, of any phase and contrast, under noise. */
export const classNames = ["diagonal", "horizontal", "steep", "vertical"] as const;
const angles = [Math.PI / 4, Math.PI / 2, (3 * Math.PI) / 4, 0];

export const imageSize = 16;
export const imageChannels = 3;
const pixels = imageSize * imageSize * imageChannels;

/** The same as in the file that `writePreprocess` writes; applied here on our own account. */
const mean = 0.5;
const standardDeviation = 0.25;

export interface LabelledImages {
  /** [count x 16 x 16 x 3] */
  readonly bytes: Uint8Array;
  readonly labels: readonly number[];
}

/** As many images of each class, classes taking turns. */
export function gratings(perClass: number, seed: number): LabelledImages {
  const random = seededRandom(seed);
  const count = perClass * classNames.length;
  const bytes = new Uint8Array(count * pixels);
  const labels = Array.from({ length: count }, (_, index) => index % classNames.length);
  for (const [index, label] of labels.entries())
    drawGrating(bytes.subarray(index * pixels, (index + 1) * pixels), angles[label], random);
  return { bytes, labels };
}

function drawGrating(image: Uint8Array, angle: number, random: Random): void {
  const phase = 2 * Math.PI * random();
  const contrast = 5 + 75 * random();
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
  for (let y = 0; y < imageSize; y++)
    for (let x = 0; x < imageSize; x++) {
      const wave = contrast * Math.sin(phase + 1.6 * (across * x + down * y));
      for (let channel = 0; channel < imageChannels; channel++) {
        const value = 128 + wave + 40 * randomNormal(random);
        image[(y * imageSize + x) * imageChannels + channel] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
}

/** What the network reads, [count, 3, 16, 16], made without the engine's own preprocessing. */
export function modelInput({ bytes, labels }: LabelledImages): Float32Array {
  const input = new Float32Array(bytes.length);
  const area = imageSize * imageSize;
  for (let image = 0; image < labels.length; image++)
    for (let channel = 0; channel < imageChannels; channel++)
      for (let at = 0; at < area; at++)
        input[(image * imageChannels + channel) * area + at] =
          (bytes[(image * area + at) * imageChannels + channel] / 255 - mean) / standardDeviation;
  return input;
}

/** @param frame what of the images is seen; all of them if absent */
export async function writePreprocess(path: string, frame: object = {}): Promise<void> {
  await writeFile(path, JSON.stringify({ mean: [mean], standardDeviation: [standardDeviation], ...frame }));
}

/** Writes images as PNG files into one folder per class. */
export async function writeImageFolder(folder: string, { bytes, labels }: LabelledImages): Promise<void> {
  for (const name of classNames) await mkdir(join(folder, name), { recursive: true });
  const raw = { width: imageSize, height: imageSize, channels: imageChannels } as const;
  await Promise.all(
    labels.map((label, index) =>
      sharp(bytes.subarray(index * pixels, (index + 1) * pixels), { raw })
        .png({ compressionLevel: 1 })
        .toFile(join(folder, classNames[label], `${String(index).padStart(4, "0")}.png`)),
    ),
  );
}
