import { create } from "zustand";

/** The model that can't be opened before the person says how large its images are. */
export const useInputSize = create<{ readonly path: string | null }>()(() => ({ path: null }));

const mostPixels = 16_384;

/** @returns height and width if both are sizes of an image */
export function readInputSize(height: string, width: string): [number, number] | undefined {
  const sides = [height, width].map((text) => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN));
  return sides.every((side) => side >= 1 && side <= mostPixels) ? [sides[0], sides[1]] : undefined;
}
