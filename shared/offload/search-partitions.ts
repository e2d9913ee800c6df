import { type Job, partOfJob } from "../base/job.ts";
import { countSamples, figuresOfCounts } from "../evaluate/evaluate-plan.ts";
import { createFrontArchive, type FrontArchive } from "../pareto/front-archive.ts";
import { hypervolume } from "../pareto/hypervolume.ts";
import { figuresAdmission } from "../search/engine/admission.ts";
import type { FrontPoint } from "../search/engine/front-point.ts";
import {
  type SearchResult,
  type SearchSettings,
  type SearchUnderWay,
  type StartSearch,
  startSearch,
} from "../search/engine/run-search.ts";
import type { SearchAlgorithm } from "../search/engine/search-algorithm.ts";
import type { SearchObserver } from "../search/engine/search-observer.ts";
import type { SearchState } from "../search/engine/search-state.ts";
import { referencePoint } from "../space/reference-point.ts";
import { totalWeight } from "../space/search-space.ts";
import type { PartitionSearchState } from "./partition-search-state.ts";
import { type PartitionSpace, spaceAtPartition } from "./partition-space.ts";
import { promisingPartitions } from "./promising-partitions.ts";

/** A search over all partitions, which can be continued like any search. */
export interface PartitionSearch extends Omit<SearchUnderWay, "state"> {
  /** As of any search; undefined as long as the first part has none. */
  state(): PartitionSearchState | undefined;
  /** What the device can do without the server. */
  alone(): readonly FrontPoint[];
}

/**
 * Searches the device alone and then one partition after the other, the most promising first. What is found at one has
 * to be beaten at the next, and every plan that is found is tried at all other partitions at once, so that those with
 * nothing to offer are soon proven to have nothing. A budget is shared out evenly. With one space it is a
 * search like any other.
 * @param spaces the device alone first, see `partitionSpaces`
 * @param start makes the search at each partition
 * @param from where a search of the same spaces, algorithm and settings was left
 * @throws AppError 'shape-mismatch' if a space contradicts itself, 'usage' for bad options
 */
export function startPartitionSearch(
  spaces: readonly PartitionSpace[],
  algorithm: SearchAlgorithm,
  settings: SearchSettings,
  observer?: SearchObserver,
  start: StartSearch = startSearch,
  from?: PartitionSearchState,
): PartitionSearch {
  const promising = promisingPartitions(spaces);
  const [device, ...partitioned] = promising;
  const samples = totalWeight(device.space);
  const parts = 1 + partitioned.length;
  const admits = figuresAdmission(settings.useCase);
  const budget = Math.max(1, Math.floor(settings.budget / parts));
  /** The partitions to come, and the front of known plans there. */
  const waiting = new Map(partitioned.map((on) => [on, createFrontArchive<FrontPoint>(samples)]));
  const known = createFrontArchive<FrontPoint>(samples);
  const finished: PartitionSearchState["finished"] = [];
  /** By exits, as plans are looked at again and again while they stay on the front. */
  const counts = new WeakMap<FrontPoint["exits"], readonly number[]>();
  const watching: SearchObserver | undefined = observer && {
    evaluated: observer.evaluated,
    paused: ({ evaluations }) =>
      observer.paused({
        evaluations: evaluationsOf(finished) + evaluations,
        front: () => [...result().front],
        gap: () => result().gap,
      }),
  };
  let alone: readonly FrontPoint[] | undefined;
  let current = resume();

  function resume(): Part | undefined {
    for (const { cut, ...result } of from?.finished ?? []) settle(spaceAtPartition(promising, cut), result);
    if (from?.current) return begin(spaceAtPartition(promising, from.current.cut), from.current.search);
    return finished.length === 0 ? begin(device) : next();
  }

  function begin(on: PartitionSpace, left?: SearchState): Part {
    waiting.delete(on);
    const rivals = plansOf(known);
    return { on, search: start(on.space, algorithm, { ...settings, budget, rivals }, watching, left) };
  }

  async function advance(job: Job): Promise<boolean> {
    while (current) {
      const ended = await current.search.advance(
        partOfJob(job, finished.length / parts, (finished.length + 1) / parts),
      );
      if (!ended) return false;
      settle(current.on, current.search.result());
      current = next();
    }
    return true;
  }

  function next(): Part | undefined {
    const on = mostPromising();
    return on && begin(on);
  }

  /** Keeps what a part has found, and tries it at the partitions that are still to come. */
  function settle(on: PartitionSpace, result: PartResult): void {
    waiting.delete(on);
    const { proven, gap, evaluations, front } = result;
    finished.push({ cut: on.partition?.tensor, proven, gap, evaluations, front: [...front] });
    const found = result.front.map((point) => atPartition(point, on));
    alone ??= found;
    offer(known, found);
    for (const point of found)
      for (const [other, archive] of waiting)
        for (const place of [archive, known]) offer(place, tried(point, other));
  }

  /** What a plan is worth at another partition, if the limits admit it there. */
  function tried({ exits, right, accuracy }: FrontPoint, on: PartitionSpace): FrontPoint[] {
    const figures = figuresOfCounts(on.space, exits, leavingCounts(exits), right);
    if (admits && !admits(figures)) return [];
    const latencyMs = figures.latencyMs[settings.useCase.latency];
    return [atPartition({ exits, right, accuracy, latencyMs }, on)];
  }

  /** How many samples leave where: the same ones at every partition. */
  function leavingCounts(exits: FrontPoint["exits"]): readonly number[] {
    const counted = counts.get(exits);
    if (counted) return counted;
    const own = countSamples(device.space, exits);
    counts.set(exits, own.counts);
    return own.counts;
  }

  /** Of the partitions that are left, the one at which known plans have the largest hypervolume. */
  function mostPromising(): PartitionSpace | undefined {
    let best: { readonly on: PartitionSpace; readonly volume: number } | undefined;
    for (const [on, archive] of waiting) {
      const volume = hypervolume(plansOf(archive), referencePoint(device.space));
      if (!best || volume > best.volume) best = { on, volume };
    }
    return best?.on;
  }

  /** What is known, with what the current search has found, also as priced at the partitions to come. */
  function merged(front: readonly FrontPoint[], on: PartitionSpace): FrontPoint[] {
    const all = createFrontArchive<FrontPoint>(samples);
    offer(all, plansOf(known));
    for (const point of front) {
      offer(all, [atPartition(point, on)]);
      for (const other of waiting.keys()) offer(all, tried(point, other));
    }
    return plansOf(all);
  }

  function result(): SearchResult {
    const own = current?.search.result();
    const results = own ? [...finished, own] : finished;
    const front = merged(own?.front ?? [], current?.on ?? device);
    const volume = hypervolume(front, referencePoint(device.space));
    const proven = waiting.size === 0 && results.every((part) => part.proven);
    return {
      algorithm: algorithm.id,
      proven,
      gap: proven ? 0 : gapOf(results, waiting.size, settings, volume),
      evaluations: evaluationsOf(results),
      hypervolume: volume,
      front,
    };
  }

  function state(): PartitionSearchState | undefined {
    const search = current?.search.state();
    if (finished.length === 0 && !search) return undefined;
    return {
      finished: [...finished],
      current: current && search && { cut: current.on.partition?.tensor, search },
    };
  }

  return { advance, result, state, alone: () => alone ?? current?.search.result().front ?? [] };
}

/** The search at one partition. */
interface Part {
  readonly on: PartitionSpace;
  readonly search: SearchUnderWay;
}

type PartResult = Pick<SearchResult, "proven" | "gap" | "evaluations" | "front">;

function atPartition(point: FrontPoint, { partition }: PartitionSpace): FrontPoint {
  return partition ? { ...point, cut: partition.tensor } : point;
}

function offer(archive: FrontArchive<FrontPoint>, points: readonly FrontPoint[]): void {
  for (const point of points) archive.offer(point.right, point.latencyMs, point);
}

function plansOf(archive: FrontArchive<FrontPoint>): FrontPoint[] {
  return archive.front().map(({ plan }) => plan);
}

function evaluationsOf(results: readonly PartResult[]): number {
  return results.reduce((sum, { evaluations }) => sum + evaluations, 0);
}

/** Upper bound on what all parts together may still miss; nothing is known of partitions that were not begun. */
function gapOf(
  results: readonly PartResult[],
  notBegun: number,
  { goal }: SearchSettings,
  volume: number,
): number | undefined {
  const gaps = results.map(({ gap }) => gap);
  if (!gaps.every((gap) => gap !== undefined)) return undefined;
  if (goal === "best") return notBegun > 0 ? 1 : Math.max(...gaps);
  const maxGap = 1 - volume;
  return notBegun > 0
    ? maxGap
    : Math.min(
        maxGap,
        gaps.reduce((sum, gap) => sum + gap, 0),
      );
}
