import type { BackboneInput } from "../../../shared/domain/backbone.ts";
import type { Preprocess } from "../../../shared/domain/preprocess.ts";
import { AppError } from "../../../shared/errors.ts";
import type { RawImage } from "./dataset-source.ts";
import { resample } from "./images/resample.ts";
import { upright } from "./images/upright.ts";

/** An image and the rectangle of it that the model sees: the model's height and width from (top, left) on. */
export interface FramedImage {
  readonly image: RawImage;
  readonly top: number;
  readonly left: number;
}

/**
 * Turns, resizes and crops an image to the model's size, as torchvision does: the longer side rounded down, the crop
 * centred.
 * @param where the image, for messages
 * @throws AppError 'data-mismatch' naming both sizes if the outcome isn't the model's size
 */
export function frameImage(
  decoded: RawImage,
  preprocess: Preprocess,
  input: BackboneInput,
  where: string,
): FramedImage {
  const image = preprocess.exifOrientation ? upright(decoded) : decoded;
  const resized = resize(image, preprocess);
  const [height, width] = cropSize(resized, preprocess);
  const isCropTooLarge = height > resized.height || width > resized.width;
  if (isCropTooLarge || height !== input.height || width !== input.width) {
    const found = isCropTooLarge ? `too small for centreCrop ${height}x${width}` : `${height}x${width}`;
    throw new AppError(
      "data-mismatch",
      `${where}: the image is ${image.height}x${image.width} and after preprocessing ${found}, but the model's input ` +
        `"${input.name}" is ${input.height}x${input.width} (height x width)`,
      { where, missing: "imageSize" },
    );
  }
  return { image: resized, top: centred(resized.height - height), left: centred(resized.width - width) };
}

function resize(image: RawImage, preprocess: Preprocess): RawImage {
  const [height, width] = resizedTo(image, preprocess);
  if (height === image.height && width === image.width) return image;
  return resample(image, height, width, preprocess);
}

function resizedTo(image: RawImage, { resize }: Preprocess): readonly [number, number] {
  if (resize === undefined) return [image.height, image.width];
  if (typeof resize !== "number") return resize;
  const longer = Math.trunc(
    (resize * Math.max(image.height, image.width)) / Math.min(image.height, image.width),
  );
  return image.height <= image.width ? [resize, longer] : [longer, resize];
}

function cropSize(image: RawImage, { centreCrop }: Preprocess): readonly [number, number] {
  if (centreCrop === undefined) return [image.height, image.width];
  return typeof centreCrop === "number" ? [centreCrop, centreCrop] : centreCrop;
}

/** Half of a margin, rounded to even as Python's round does. */
function centred(margin: number): number {
  const half = Math.floor(margin / 2);
  return margin % 2 === 1 && half % 2 === 1 ? half + 1 : half;
}
