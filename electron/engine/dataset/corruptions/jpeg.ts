import sharp from "sharp";
import { type ByteImage, type Corruption, sharpImage, sharpPixels } from "./corruption.ts";

/** Colours are halved in both directions, as Pillow does it unless it is told otherwise. */
const chromaSubsampling = "4:2:0";

export const jpeg: Corruption = {
  id: "jpeg",
  title: "JPEG compression",
  strength: "quality, of 100",
  strengths: { small: [80, 65, 58, 50, 40], large: [25, 18, 15, 10, 7] },
  corrupt: async (image, quality) => {
    const bytes = await compressed(image, quality);
    return { ...image, data: await sharpPixels(sharp(bytes), image) };
  },
};

function compressed(image: ByteImage, quality: number): Promise<Uint8Array> {
  return sharpImage(image).jpeg({ quality, chromaSubsampling }).toBuffer();
}
