import { z } from "zod";
import { samePlainData } from "../base/plain-data.ts";
import { thinned } from "../base/thinned.ts";
import { share } from "../model/bounds.ts";
import { linkSchema } from "../model/link.ts";
import { chainSchema, partitionFields, planExitSchema, wayOf } from "../model/plan.ts";
import { useCaseSchema } from "../model/use-case.ts";
import type { FrontFile } from "./front-file.ts";

/** How many searches a project remembers, and how many plans of each. */
export const maxPastSearches = 20;
const maxPlans = 120;

/**
 * What a project remembers of a search: what was asked for, and the plans on its front. Their figures are worked out anew on
 * whatever target they are looked at.
 */
export const pastSearchSchema = z.object({
  /** Counts a project's searches from 1; none is given twice. */
  number: z.number().int().positive(),
  /** When it ended, ISO 8601; absent from older files and of fronts that the command line found. */
  searchedAt: z.string().max(40).optional(),
  algorithm: z.string(),
  seed: z.number().int(),
  goal: z.enum(["front", "best"]).optional(),
  proven: z.boolean(),
  stopped: z.boolean().optional(),
  evaluations: z.number().int().nonnegative(),
  seconds: z.number().nonnegative(),
  hypervolume: share,
  useCase: useCaseSchema,
  /** Id of the profile that it was searched with, and of a second target's. */
  profile: z.string(),
  server: z.object({ profile: z.string(), link: linkSchema }).optional(),
  /** Of its front, by rising latency. */
  plans: z
    .array(z.object({ exits: z.array(planExitSchema), chain: chainSchema.optional(), ...partitionFields }))
    .max(maxPlans),
});

export type PastSearch = Readonly<z.infer<typeof pastSearchSchema>>;

/** What a front is remembered by. */
export function pastSearchOf(front: FrontFile, number: number, searchedAt?: string): PastSearch {
  const [{ algorithm, seed, goal, proven, stopped, evaluations, seconds, hypervolume, front: plans }] =
    front.searches;
  const { useCase, profile, offload } = front;
  return {
    number,
    searchedAt,
    algorithm,
    seed,
    goal,
    proven,
    stopped,
    evaluations,
    seconds,
    hypervolume,
    useCase,
    profile,
    server: offload && { profile: offload.profile, link: offload.link },
    plans: thinned(plans, maxPlans).map(({ exits, ...way }) => ({ exits, ...wayOf(way) })),
  };
}

/**
 * A project's searches, the latest last, after another one has ended.
 * @param before the front that it replaces
 * @param isContinued whether it went on where that one was stopped, and takes its place here too
 * @param searchedAt when it ended, ISO 8601
 */
export function withSearch(
  past: readonly PastSearch[],
  before: FrontFile | undefined,
  found: FrontFile,
  isContinued: boolean,
  searchedAt: string,
): PastSearch[] {
  // One that was made by the command line, or before searches were remembered.
  const all = before ? remembered(past, before) : [...past];
  const kept = isContinued ? all.slice(0, -1) : all;
  return remembered(kept, found, searchedAt).slice(-maxPastSearches);
}

/** With a front at the end; once, however often it was found. */
function remembered(past: readonly PastSearch[], front: FrontFile, searchedAt?: string): PastSearch[] {
  if (front.searches.length === 0) return [...past];
  const next = pastSearchOf(front, 1 + Math.max(0, ...past.map(({ number }) => number)), searchedAt);
  const same = past.find((other) => isSameSearch(other, next));
  return same
    ? [
        ...past.filter((other) => other !== same),
        { ...next, number: same.number, searchedAt: searchedAt ?? same.searchedAt },
      ]
    : [...past, next];
}

/** Whether the same was asked for and the same found, whenever that was and however long it took. */
export function isSameSearch(one: PastSearch, other: PastSearch): boolean {
  const content = ({ number: _number, searchedAt: _searchedAt, seconds: _seconds, ...rest }: PastSearch) =>
    rest;
  return samePlainData(content(one), content(other));
}
