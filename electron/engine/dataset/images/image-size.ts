/** More pixels than any photograph has; Pillow refuses larger ones as decompression bombs. */
export const MAX_PIXELS = 178_956_970;

/** @throws Error if an image's header claims a size that no image has */
export function checkedSize(width: number, height: number): void {
  if (width > 0 && height > 0 && width * height <= MAX_PIXELS) return;
  throw new Error(`claims ${width} x ${height} pixels, expected 1 to ${MAX_PIXELS}`);
}
