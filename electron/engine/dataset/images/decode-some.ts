import type { OpenedImage } from "./decode-image.ts";
import type { RawImage, UnreadableImage } from "./raw-image.ts";

/** Images that are opened and decoded side by side. */
const SIDE_BY_SIDE = 4;
/** Bytes that decoded images, and those that are being decoded, may take: photographs are much larger than what becomes of them. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Decodes images from the first on, as many as may be in memory together. What each takes is known once it is opened, so
 * that a few huge ones are decoded one at a time.
 * @param count how many are asked for
 * @param maxBytes beyond which no more are begun
 * @returns at least one, where one is asked for
 */
export async function decodeSome(
  count: number,
  open: (at: number) => Promise<OpenedImage>,
  maxBytes = MAX_BYTES,
): Promise<(RawImage | UnreadableImage)[]> {
  const images: (RawImage | UnreadableImage)[] = [];
  let waiting: OpenedImage[] = [];
  let bytes = 0;
  while (images.length < count && (images.length === 0 || bytes < maxBytes)) {
    const next = images.length + waiting.length;
    const more = Math.min(SIDE_BY_SIDE, count - images.length) - waiting.length;
    waiting.push(...(await Promise.all(Array.from({ length: more }, (_, at) => open(next + at)))));
    const some = fitting(waiting, maxBytes - bytes, images.length === 0);
    if (some.length === 0) break;
    waiting = waiting.slice(some.length);
    for (const image of await Promise.all(some.map(({ decode }) => decode()))) {
      bytes += "data" in image ? image.data.byteLength : 0;
      images.push(image);
    }
  }
  return images;
}

/** The first images that may be decoded together. */
function fitting(images: readonly OpenedImage[], bytes: number, isFirst: boolean): OpenedImage[] {
  let left = bytes;
  const end = images.findIndex(({ decodingBytes }) => {
    left -= decodingBytes;
    return left < 0;
  });
  if (end < 0) return [...images];
  return images.slice(0, isFirst ? Math.max(1, end) : end);
}
