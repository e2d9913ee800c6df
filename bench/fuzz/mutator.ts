import type { Random } from "../../shared/base/random.ts";
import { pick } from "./drawing/draw.ts";

/** One way to damage something. */
export interface Mutator<Subject> {
  readonly id: string;
  /** Changes the subject in place. @returns false if it found nothing to change */
  mutate(subject: Subject, random: Random): boolean;
}

/** How many mutators may find nothing to change before the subject is left as it is. */
const mostTries = 20;

/** Applies so many mutators, drawn with replacement. @returns ids of those that changed something */
export function mutate<Subject>(
  subject: Subject,
  mutators: readonly Mutator<Subject>[],
  count: number,
  random: Random,
): string[] {
  const applied: string[] = [];
  for (let tries = 0; applied.length < count && tries < mostTries; tries++) {
    const mutator = pick(random, mutators);
    if (mutator.mutate(subject, random)) applied.push(mutator.id);
  }
  return applied;
}
