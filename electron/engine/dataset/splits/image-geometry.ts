import { AppError } from "../../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import { MAX_SIDE } from "../images/image-size.ts";
import type { RawImage } from "../images/raw-image.ts";
import { resample, type Size } from "../images/resample.ts";
import { upright } from "../images/upright.ts";

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
  const resized = resizedTo(image, preprocess);
  checkSide(image, resized, where);
  const { height, width } = cropSize(resized, preprocess);
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
  const top = centred(resized.height - height);
  const left = centred(resized.width - width);
  if (resized.height === image.height && resized.width === image.width) return { image, top, left };
  return { image: resample(image, resized, preprocess, { top, left, height, width }), top: 0, left: 0 };
}

function resizedTo(image: RawImage, { resize }: Preprocess): Size {
  if (resize === undefined) return image;
  if (typeof resize !== "number") return { height: resize[0], width: resize[1] };
  const longer = Math.trunc(
    (resize * Math.max(image.height, image.width)) / Math.min(image.height, image.width),
  );
  return image.height <= image.width ? { height: resize, width: longer } : { height: longer, width: resize };
}

/** @throws AppError 'data-mismatch': what an extremely long image would become takes more memory than there is */
function checkSide(image: RawImage, { height, width }: Size, where: string): void {
  if (Math.max(height, width) <= MAX_SIDE) return;
  throw new AppError(
    "data-mismatch",
    `${where}: the image is ${image.height}x${image.width}, and resized ${height}x${width}, expected at most ${MAX_SIDE} ` +
      "along a side: crop it, or leave it out",
    { where },
  );
}

function cropSize(resized: Size, { centreCrop }: Preprocess): Size {
  if (centreCrop === undefined) return resized;
  const [height, width] = typeof centreCrop === "number" ? [centreCrop, centreCrop] : centreCrop;
  return { height, width };
}

/** Half of a margin, rounded to even as Python's round does. */
function centred(margin: number): number {
  const half = Math.floor(margin / 2);
  return margin % 2 === 1 && half % 2 === 1 ? half + 1 : half;
}
