import { z } from "zod";

const searchPartSchema = z.object({
  candidate: z.number().int().nonnegative(),
  level: z.number().int().nonnegative().optional(),
});

/** All plans that begin with a candidate, at one level or at any. */
export type SearchPart = Readonly<z.infer<typeof searchPartSchema>>;

/** How far a search has come that goes through its plans part by part, a part being all that begin alike. */
export const progressRecordSchema = z.object({
  /** All plans of up to so many exits have been seen. */
  exits: z.number().int().nonnegative(),
  /** So have the plans of up to one more in these parts. */
  done: z.array(searchPartSchema),
});

export type ProgressRecord = z.infer<typeof progressRecordSchema>;

/** The same while the search runs. */
export interface SearchProgress {
  /** All plans of up to so many exits have been seen. */
  readonly exits: number;
  /** Whether the plans of up to one more in a part have been seen as well. */
  isDone(part: SearchPart): boolean;
  finish(part: SearchPart): void;
  /** From now on all plans of up to so many exits have been seen. */
  finishAll(exits: number): void;
  record(): ProgressRecord;
}

export function createProgress(from: ProgressRecord = { exits: 0, done: [] }): SearchProgress {
  let { exits } = from;
  const done = new Map(from.done.map((part) => [partKey(part), part]));
  return {
    get exits() {
      return exits;
    },
    isDone: (part) => done.has(partKey(part)),
    finish: (part) => void done.set(partKey(part), part),
    finishAll(maxExits) {
      exits = maxExits;
      done.clear();
    },
    record: () => ({ exits, done: [...done.values()] }),
  };
}

/** What tells a part from the others. */
export function partKey({ candidate, level }: SearchPart): string {
  return level === undefined ? `${candidate}` : `${candidate}/${level}`;
}
