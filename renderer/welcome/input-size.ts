import { create } from "zustand";
import { AppError } from "../../shared/base/errors.ts";

/** What a person is asked of a model that can't be opened before its images have a size. */
export interface InputSizeQuestion {
  /** The model's file. */
  readonly path: string;
  answer(size: [number, number]): void;
}

export const useInputSize = create<{ readonly question: InputSizeQuestion | null }>()(() => ({
  question: null,
}));

/**
 * Asks for the size of a model's images if it is this that an error misses.
 * @returns whether it does
 */
export function asksForInputSize(error: unknown, path: string, answer: InputSizeQuestion["answer"]): boolean {
  if (!(error instanceof AppError) || error.details.missing !== "inputSize") return false;
  useInputSize.setState({ question: { path, answer } });
  return true;
}

const maxPixels = 16_384;

/** @returns height and width if both are sizes of an image */
export function readInputSize(height: string, width: string): [number, number] | undefined {
  const sides = [height, width].map((text) => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN));
  return sides.every((side) => side >= 1 && side <= maxPixels) ? [sides[0], sides[1]] : undefined;
}
