import { z } from "zod";
import type { PlacedExit } from "../evaluate/sweep.ts";

const placedExitSchema = z.object({
  candidate: z.number().int().nonnegative(),
  level: z.number().int().nonnegative(),
});

/** How far a search has come that goes through its plans part by part, a part being all that begin alike. */
export const progressRecordSchema = z.object({
  /** All plans of up to so many exits have been seen. */
  exits: z.number().int().nonnegative(),
  /** So have the plans of up to one more that begin with one of these. */
  done: z.array(placedExitSchema),
});

export type ProgressRecord = z.infer<typeof progressRecordSchema>;

/** The same while the search goes on. */
export interface SearchProgress {
  /** All plans of up to so many exits have been seen. */
  readonly exits: number;
  /** Whether the plans of up to one more that begin with `first` have been seen as well. */
  isDone(first: PlacedExit): boolean;
  finish(first: PlacedExit): void;
  /** From now on all plans of up to so many exits have been seen. */
  finishAll(exits: number): void;
  record(): ProgressRecord;
}

export function createProgress(from: ProgressRecord = { exits: 0, done: [] }): SearchProgress {
  let { exits } = from;
  const done = new Map(from.done.map((first) => [partKey(first), first]));
  return {
    get exits() {
      return exits;
    },
    isDone: (first) => done.has(partKey(first)),
    finish: (first) => void done.set(partKey(first), first),
    finishAll(most) {
      exits = most;
      done.clear();
    },
    record: () => ({ exits, done: [...done.values()] }),
  };
}

/** What tells a part from the others. */
export function partKey({ candidate, level }: PlacedExit): string {
  return `${candidate}/${level}`;
}
