import { create } from "zustand";
import { AppError, type OutputCandidate } from "../../shared/base/errors.ts";

/** What a person is asked when a model's class scores can't be told from its other outputs. */
export interface OutputQuestion {
  /** The model's file. */
  readonly path: string;
  readonly candidates: readonly OutputCandidate[];
  /** Whether the candidates are no outputs of the model, but made on the way to its answer. */
  readonly areInside: boolean;
  answer(name: string): void;
}

export const useOutputChoice = create<{ readonly question: OutputQuestion | null }>()(() => ({
  question: null,
}));

/**
 * Asks for the output if it is this that an error misses.
 * @returns whether it does
 */
export function asksForOutput(error: unknown, path: string, answer: OutputQuestion["answer"]): boolean {
  if (!(error instanceof AppError) || error.details.missing !== "output") return false;
  const candidates = error.details.candidates as readonly OutputCandidate[];
  useOutputChoice.setState({
    question: { path, candidates, areInside: error.details.inside === true, answer },
  });
  return true;
}
