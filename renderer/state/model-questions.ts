import { create } from "zustand";
import { AppError, type OutputCandidate } from "../../shared/base/errors.ts";

/** What a person is asked of a model that can't be opened before its images have a size. */
export interface InputSizeQuestion {
  /** The model's file. */
  readonly path: string;
  answer(size: [number, number]): void;
}

/** What a person is asked when a model's class scores can't be told from its other outputs. */
export interface OutputQuestion {
  /** The model's file. */
  readonly path: string;
  readonly candidates: readonly OutputCandidate[];
  /** Whether the candidates are no outputs of the model, but made on the way to its answer. */
  readonly areInside: boolean;
  answer(name: string): void;
}

interface ModelQuestions {
  readonly inputSize: InputSizeQuestion | null;
  readonly output: OutputQuestion | null;
}

const nothingAsked: ModelQuestions = { inputSize: null, output: null };

/** What has to be known of a model before it can be opened. */
export const useModelQuestions = create<ModelQuestions>()(() => nothingAsked);

/** Whatever is asked has been answered, or is no longer to be known. */
export function dropQuestions(): void {
  useModelQuestions.setState(nothingAsked);
}

export function askForOutput(output: OutputQuestion): void {
  useModelQuestions.setState({ output });
}

/**
 * Asks for the size of a model's images if it is this that an error misses.
 * @returns whether it does
 */
export function asksForInputSize(error: unknown, path: string, answer: InputSizeQuestion["answer"]): boolean {
  if (!(error instanceof AppError) || error.details.missing !== "inputSize") return false;
  useModelQuestions.setState({ inputSize: { path, answer } });
  return true;
}

/**
 * Asks for the output if it is this that an error misses.
 * @returns whether it does
 */
export function asksForOutput(error: unknown, path: string, answer: OutputQuestion["answer"]): boolean {
  if (!(error instanceof AppError) || error.details.missing !== "output") return false;
  const candidates = error.details.candidates as readonly OutputCandidate[];
  askForOutput({ path, candidates, areInside: error.details.inside === true, answer });
  return true;
}
