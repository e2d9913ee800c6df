import { AppError } from "../../../shared/base/errors.ts";
import type { RawImage } from "../dataset/images/raw-image.ts";
import { imagePreparer } from "../dataset/splits/image-split.ts";
import { statedPreprocess } from "../dataset/splits/input-pixels.ts";
import { bytesReader, type ImageReader } from "../export/network-entry.ts";
import { imageDims } from "../onnx/backbone.ts";
import { imageOfType } from "../onnx/image-types.ts";
import { floatValues, type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";

/** How far rounding to float16 may take a pixel. */
const nearEnough = 0.2;

/**
 * The bytes that an image was made of, as an export that is given bytes reads them, and as it crosses to a server.
 * @throws AppError 'data-mismatch' if it was made of other numbers
 */
export function pictureBytes(image: RuntimeTensor, reader: ImageReader): RuntimeTensor {
  const { input, preprocess } = reader;
  const { height, width, channels, layout } = input;
  const { scale, mean, standardDeviation } = statedPreprocess(preprocess, input);
  const values = floatValues(image);
  const area = height * width;
  const bytes = new Uint8Array(area * channels);
  for (let channel = 0; channel < channels; channel++) {
    const of = (numbers: readonly number[]) => numbers[numbers.length === 1 ? 0 : channel];
    const colour = preprocess.channels === "bgr" && channels === 3 ? 2 - channel : channel;
    for (let at = 0; at < area; at++) {
      const value = values[layout === "NCHW" ? channel * area + at : at * channels + channel];
      bytes[at * channels + colour] = byteOf((value * of(standardDeviation) + of(mean)) / scale);
    }
  }
  return runtimeTensor("uint8", bytes, imageDims(bytesReader(reader), 1) as number[]);
}

/**
 * Makes a decoded image the bytes that cross to a server: cut to what the network sees of it, and not yet scaled.
 * @returns throws AppError 'data-mismatch' where the image doesn't fit the network, or holds other numbers than bytes
 */
export function pictureMaker(reader: ImageReader): (image: RawImage, place: string) => RuntimeTensor {
  const bytes = bytesReader(reader);
  const cut = imagePreparer(bytes.preprocess, bytes.input);
  const scale = imagePreparer(reader.preprocess, reader.input);
  const { type } = reader.input;
  const [bytesDims, dims] = [bytes, reader].map((each) => imageDims(each, 1) as number[]);
  return (image, place) =>
    image.data instanceof Uint8Array
      ? imageOfType("uint8", cut(image, place), bytesDims)
      : pictureBytes(imageOfType(type, scale(image, place), dims), reader);
}

function byteOf(pixel: number): number {
  const byte = Math.round(pixel);
  if (Math.abs(pixel - byte) <= nearEnough && byte >= 0 && byte <= 255) return byte;
  throw new AppError(
    "data-mismatch",
    `an image of the data set holds ${Number(pixel.toPrecision(5))}, expected bytes, whole numbers from 0 to 255: a file for uint8 images ` +
      "is verified with these, and so are halves of a plan between which images cross; verify another format",
  );
}
