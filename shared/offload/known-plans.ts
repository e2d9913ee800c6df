import { countSamples, figuresOfCounts, type SampleCounts } from "../evaluate/evaluate-plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { createFrontArchive, type FrontArchive } from "../pareto/front-archive.ts";
import { hypervolume } from "../pareto/hypervolume.ts";
import { figuresAdmission } from "../search/engine/admission.ts";
import type { FrontPoint } from "../search/engine/front-point.ts";
import { referencePoint } from "../space/reference-point.ts";
import { totalWeight } from "../space/search-space.ts";
import type { PartitionSpace } from "./partition-space.ts";

/** The plans that a search over partitions has found, and their figures at the partitions that it has still to search. */
export interface KnownPlans {
  /** The front over all partitions. */
  front(): FrontPoint[];
  /** Takes in what was found at a partition, and tries it at those that wait. */
  add(found: readonly FrontPoint[]): void;
  /** The front as it would be with plans found at a partition; takes nothing in. */
  frontWith(found: readonly FrontPoint[], on: PartitionSpace): FrontPoint[];
  /** How many partitions wait. */
  waiting(): number;
  /** Of the partitions that wait, the one at which known plans have the largest hypervolume. */
  mostPromising(): PartitionSpace | undefined;
  /** The partition waits no more. */
  begin(on: PartitionSpace): void;
}

export function createKnownPlans(
  [device, ...partitioned]: readonly PartitionSpace[],
  useCase: UseCase,
): KnownPlans {
  const samples = totalWeight(device.space);
  const admits = figuresAdmission(useCase);
  const waiting = new Map(partitioned.map((on) => [on, createFrontArchive<FrontPoint>(samples)]));
  const known = createFrontArchive<FrontPoint>(samples);
  /** By exits, as plans are looked at again and again while they stay on the front. */
  const counts = new WeakMap<FrontPoint["exits"], SampleCounts>();

  /** How samples fare: the same at every partition. */
  function countsOf(exits: FrontPoint["exits"]): SampleCounts {
    const counted = counts.get(exits) ?? countSamples(device.space, exits);
    counts.set(exits, counted);
    return counted;
  }

  /** A plan's figures at another partition, if the limits admit it there. */
  function tried({ exits, right, accuracy }: FrontPoint, on: PartitionSpace): FrontPoint[] {
    const figures = figuresOfCounts(on.space, exits, countsOf(exits));
    if (admits && !admits(figures)) return [];
    return [atPartition({ exits, right, accuracy, latencyMs: figures.latencyMs[useCase.latency] }, on)];
  }

  return {
    front: () => plansOf(known),
    add(found) {
      offer(known, found);
      for (const point of found)
        for (const [other, archive] of waiting)
          for (const place of [archive, known]) offer(place, tried(point, other));
    },
    frontWith(found, on) {
      const all = createFrontArchive<FrontPoint>(samples);
      offer(all, plansOf(known));
      for (const point of found) {
        offer(all, [atPartition(point, on)]);
        for (const other of waiting.keys()) offer(all, tried(point, other));
      }
      return plansOf(all);
    },
    waiting: () => waiting.size,
    mostPromising() {
      let best: { readonly on: PartitionSpace; readonly volume: number } | undefined;
      for (const [on, archive] of waiting) {
        const volume = hypervolume(plansOf(archive), referencePoint(device.space));
        if (!best || volume > best.volume) best = { on, volume };
      }
      return best?.on;
    },
    begin: (on) => void waiting.delete(on),
  };
}

export function atPartition(point: FrontPoint, { partition }: PartitionSpace): FrontPoint {
  return partition ? { ...point, cut: partition.tensor } : point;
}

function offer(archive: FrontArchive<FrontPoint>, points: readonly FrontPoint[]): void {
  for (const point of points) archive.offer(point.right, point.latencyMs, point);
}

function plansOf(archive: FrontArchive<FrontPoint>): FrontPoint[] {
  return archive.front().map(({ plan }) => plan);
}
