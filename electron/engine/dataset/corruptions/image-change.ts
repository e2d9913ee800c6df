import { AppError } from "../../../../shared/base/errors.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import type { ByteImage, Corruption, ImageScale } from "./corruption.ts";

/**
 * Makes another image of one as a network sees it, before it becomes numbers.
 * @param index of the image within its part
 * @param where the image, for messages
 */
export type ImageChange = (image: ByteImage, index: number, where: string) => Promise<ByteImage>;

/** The longest shorter side of images that strengths for small images are meant for: those of CIFAR and Tiny ImageNet. */
const longestSmallSide = 64;

export function imageScale({ height, width }: Pick<ByteImage, "height" | "width">): ImageScale {
  return Math.min(height, width) <= longestSmallSide ? "small" : "large";
}

/**
 * What a corruption makes of images at one of its strengths; chance depends on the seed and the image alone, so that every
 * severity has the same noise, more of it.
 * @throws AppError 'data-mismatch' for images that are neither grey nor in three colours
 */
export function corruptionChange(corruption: Corruption, strength: number, seed: number): ImageChange {
  return async (image, index, where) => {
    if (image.channels !== 1 && image.channels !== 3)
      throw new AppError(
        "data-mismatch",
        `${where}: the image has ${image.channels} channels; corruptions are defined for grey images and colours (1 or 3 channels)`,
      );
    return corruption.corrupt(image, strength, seededRandom(Math.imul(seed, imageSpread) + index));
  };
}

/** Knuth's, which keeps seeds apart that are neighbours. */
const imageSpread = 2_654_435_761;
