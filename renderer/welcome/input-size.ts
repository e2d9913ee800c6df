const maxPixels = 16_384;

/** @returns height and width if both are sizes of an image */
export function readInputSize(height: string, width: string): [number, number] | undefined {
  const sides = [height, width].map((text) => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN));
  return sides.every((side) => side >= 1 && side <= maxPixels) ? [sides[0], sides[1]] : undefined;
}
