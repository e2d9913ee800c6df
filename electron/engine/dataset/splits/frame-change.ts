import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { ByteImage } from "../corruptions/corruption.ts";
import type { ImageChange } from "../corruptions/image-change.ts";
import type { RawImage } from "../images/raw-image.ts";
import type { FramedImage } from "./image-geometry.ts";
import type { FrameChange } from "./read-batch.ts";
import type { ByteMapping } from "./value-range.ts";

/**
 * A change of bytes as it is done to images of whatever values: they become bytes, are changed, and come back to where
 * they were. Of an image only what the network sees is looked at.
 * @param mapping how values become bytes; undefined for bytes
 */
export function frameChange(
  change: ImageChange,
  input: Pick<BackboneInput, "height" | "width">,
  mapping: Omit<ByteMapping, "from"> | undefined,
): FrameChange {
  return async (framed, index, where) => {
    const seen = cropped(framed, input);
    const changed = await change(asBytes(seen, mapping), index, where);
    const { data } = changed;
    const image: RawImage = mapping
      ? { ...changed, data: Float32Array.from(data, (byte) => (byte - mapping.offset) / mapping.factor) }
      : changed;
    return { image, top: 0, left: 0 };
  };
}

function asBytes(image: RawImage, { factor, offset }: Omit<ByteMapping, "from"> = asTheyAre): ByteImage {
  const { data } = image;
  if (data instanceof Uint8Array) return { ...image, data };
  const bytes = Uint8ClampedArray.from(data, (value) => value * factor + offset);
  return { ...image, data: new Uint8Array(bytes.buffer) };
}

const asTheyAre = { factor: 1, offset: 0 };

function cropped(
  { image, top, left }: FramedImage,
  { height, width }: Pick<BackboneInput, "height" | "width">,
): RawImage {
  if (image.height === height && image.width === width) return image;
  const { channels, data } = image;
  const rowValues = width * channels;
  const seen = data.slice(0, height * rowValues);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * channels;
    seen.set(data.subarray(from, from + rowValues), row * rowValues);
  }
  return { ...image, width, height, data: seen };
}
