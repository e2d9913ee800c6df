import { countSamples, figuresOfCounts } from "../evaluate/evaluate-plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { createFrontArchive, type FrontArchive } from "../pareto/front-archive.ts";
import { hypervolume } from "../pareto/hypervolume.ts";
import { figuresAdmission } from "../search/engine/admission.ts";
import type { FrontPoint } from "../search/engine/front-point.ts";
import { referencePoint } from "../space/reference-point.ts";
import { totalWeight } from "../space/search-space.ts";
import type { CutSpace } from "./cut-space.ts";

/** The plans that a search over cuts has found, and what they are worth under the cuts that it has still to search. */
export interface KnownPlans {
  /** The front over all cuts. */
  front(): FrontPoint[];
  /** Takes in what was found under a cut, and tries it under those that wait. */
  add(found: readonly FrontPoint[]): void;
  /** The front as it would be with plans found under a cut; takes nothing in. */
  frontWith(found: readonly FrontPoint[], on: CutSpace): FrontPoint[];
  /** How many cuts wait. */
  waiting(): number;
  /** Of the cuts that wait, the one under which known plans have the largest hypervolume. */
  mostPromising(): CutSpace | undefined;
  /** The cut waits no more. */
  begin(on: CutSpace): void;
}

export function createKnownPlans([device, ...cuts]: readonly CutSpace[], useCase: UseCase): KnownPlans {
  const samples = totalWeight(device.space);
  const admits = figuresAdmission(useCase);
  const waiting = new Map(cuts.map((cut) => [cut, createFrontArchive<FrontPoint>(samples)]));
  const known = createFrontArchive<FrontPoint>(samples);
  /** By exits, as plans are looked at again and again while they stay on the front. */
  const counts = new WeakMap<FrontPoint["exits"], readonly number[]>();

  /** How many samples leave where: the same ones under every cut. */
  function leavingCounts(exits: FrontPoint["exits"]): readonly number[] {
    const counted = counts.get(exits);
    if (counted) return counted;
    const own = countSamples(device.space, exits);
    counts.set(exits, own.counts);
    return own.counts;
  }

  /** What a plan is worth under another cut, if the limits admit it there. */
  function tried({ exits, right, accuracy }: FrontPoint, on: CutSpace): FrontPoint[] {
    const figures = figuresOfCounts(on.space, exits, leavingCounts(exits), right);
    if (admits && !admits(figures)) return [];
    return [underCut({ exits, right, accuracy, latencyMs: figures.latencyMs[useCase.latency] }, on)];
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
        offer(all, [underCut(point, on)]);
        for (const other of waiting.keys()) offer(all, tried(point, other));
      }
      return plansOf(all);
    },
    waiting: () => waiting.size,
    mostPromising() {
      let best: { readonly on: CutSpace; readonly volume: number } | undefined;
      for (const [on, archive] of waiting) {
        const volume = hypervolume(plansOf(archive), referencePoint(device.space));
        if (!best || volume > best.volume) best = { on, volume };
      }
      return best?.on;
    },
    begin: (on) => void waiting.delete(on),
  };
}

export function underCut(point: FrontPoint, { cut }: CutSpace): FrontPoint {
  return cut ? { ...point, cut: cut.tensor } : point;
}

function offer(archive: FrontArchive<FrontPoint>, points: readonly FrontPoint[]): void {
  for (const point of points) archive.offer(point.right, point.latencyMs, point);
}

function plansOf(archive: FrontArchive<FrontPoint>): FrontPoint[] {
  return archive.front().map(({ plan }) => plan);
}
