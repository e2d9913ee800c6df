/** More pixels than photographs have, of which the largest phones take 108 million; three bytes each are 400 MB. */
export const MAX_PIXELS = 2 ** 27;
/** Pixels along a side: what JPEG and GIF can state. The weights of a longer row would take gigabytes. */
export const MAX_SIDE = 65_535;
/** Values of a pixel, as array files may hold them. */
export const MAX_CHANNELS = 4;

/** @throws Error if an image's header claims a size that no image has */
export function checkedSize(width: number, height: number): void {
  if (width * height > MAX_PIXELS || !(width > 0 && height > 0))
    throw new Error(`claims ${width} x ${height} pixels, expected 1 to ${MAX_PIXELS}`);
  if (Math.max(width, height) > MAX_SIDE)
    throw new Error(`claims ${width} x ${height} pixels, expected at most ${MAX_SIDE} along a side`);
}
