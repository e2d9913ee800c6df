import type { RawImage, UnreadableImage } from "./raw-image.ts";

/** Images that are decoded side by side: a hostile one may take half a gigabyte. */
const SIDE_BY_SIDE = 4;
/** Bytes of decoded images after which no more are begun: photographs are much larger than what becomes of them. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Decodes images from the first on, as many as may be in memory together.
 * @param count how many are asked for
 * @param maxBytes after which no more are begun
 * @returns at least one, where one is asked for
 */
export async function decodeSome(
  count: number,
  decode: (at: number) => Promise<RawImage | UnreadableImage>,
  maxBytes = MAX_BYTES,
): Promise<(RawImage | UnreadableImage)[]> {
  const images: (RawImage | UnreadableImage)[] = [];
  let bytes = 0;
  while (images.length < count && bytes < maxBytes) {
    const some = Math.min(SIDE_BY_SIDE, count - images.length);
    const first = images.length;
    const decoded = await Promise.all(Array.from({ length: some }, (_, at) => decode(first + at)));
    for (const image of decoded) {
      bytes += "data" in image ? image.data.byteLength : 0;
      images.push(image);
    }
  }
  return images;
}
