import { countSamples, figuresOfCounts, type SampleCounts } from "../../evaluate/evaluate-plan.ts";
import { isSameChain } from "../../model/plan.ts";
import type { UseCase } from "../../model/use-case.ts";
import { createFrontArchive, type FrontArchive } from "../../pareto/front-archive.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import { type DesignSpace, designOf } from "../../space/design-space.ts";
import { referencePoint } from "../../space/reference-point.ts";
import { maxPlanBytes, planBytes, totalWeight } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { figuresAdmission } from "../engine/admission.ts";
import type { FrontPoint } from "../engine/front-point.ts";
import { plansWithoutHeads } from "./plans-without-heads.ts";
import { withoutIdleNetworks } from "./without-idle-networks.ts";

/** The plans that a search over designs has found, and their figures in the spaces that it has still to search. */
export interface KnownPlans {
  /** The front over all spaces. */
  front(): FrontPoint[];
  /** Takes in what was found in a space, and tries it in those that wait and have the same exits. */
  add(found: readonly FrontPoint[], on: DesignSpace): void;
  /** The front as it would be with plans found in a space; takes nothing in. */
  frontWith(found: readonly FrontPoint[], on: DesignSpace): FrontPoint[];
  /** How many spaces wait. */
  waiting(): number;
  /** Of the spaces that wait, the one in which known plans have the largest hypervolume. */
  mostPromising(): DesignSpace | undefined;
  /** The space waits no more. */
  begin(on: DesignSpace): void;
}

/** A known plan where it runs. */
interface PlacedPoint {
  readonly on: DesignSpace;
  readonly point: FrontPoint;
}

/** @param spaces that the search goes through, none begun; where there are chains each starts with its plans without heads */
export function createKnownPlans(spaces: readonly DesignSpace[], useCase: UseCase): KnownPlans {
  const [{ space: first }] = spaces;
  const samples = totalWeight(first);
  const admits = figuresAdmission(useCase);
  const waiting = new Map(spaces.map((on) => [on, createFrontArchive<FrontPoint>(samples)]));
  const known = createFrontArchive<FrontPoint>(samples);
  /** By exits, as plans are looked at again and again while they stay on the front. */
  const counts = new WeakMap<FrontPoint["exits"], SampleCounts>();
  const simpler = new WeakMap<FrontPoint["exits"], PlacedPoint>();

  if (spaces.some(({ chain }) => chain))
    for (const [on, archive] of waiting)
      for (const exits of plansWithoutHeads(on.space)) {
        const point = looked(exits, on);
        for (const place of [archive, known]) offer(place, point);
      }

  /** A plan that no search has found, if the limits admit it. */
  function looked(exits: readonly ThresholdedExit[], on: DesignSpace): FrontPoint[] {
    const { space } = on;
    const candidates = exits.map(({ candidate }) => candidate);
    if (planBytes(space, candidates) > maxPlanBytes(space, useCase)) return [];
    const counted = countSamples(space, exits);
    counts.set(exits, counted);
    return tried({ exits, right: counted.right, accuracy: counted.right / samples, latencyMs: 0 }, on);
  }

  /** How samples fare: the same at every partition. */
  function countsOf(exits: FrontPoint["exits"], on: DesignSpace): SampleCounts {
    const counted = counts.get(exits) ?? countSamples(on.space, exits);
    counts.set(exits, counted);
    return counted;
  }

  /** A plan's figures in another space of the same exits, if the limits admit it there. */
  function tried({ exits, right, accuracy }: FrontPoint, on: DesignSpace): FrontPoint[] {
    const figures = figuresOfCounts(on.space, exits, countsOf(exits, on));
    if (admits && !admits(figures)) return [];
    return [{ exits, right, accuracy, latencyMs: figures.latencyMs[useCase.latency], ...designOf(on) }];
  }

  /** The plan without the networks that it only passes through: as accurate, and never slower. */
  function simplified(point: FrontPoint, on: DesignSpace): PlacedPoint {
    const done = simpler.get(point.exits);
    if (done) return done;
    const less = withoutIdleNetworks(point.exits, on, spaces);
    const placed = less && { on: less.on, point: tried({ ...point, exits: less.exits }, less.on)[0] };
    const simple = placed?.point ? placed : { on, point: { ...point, ...designOf(on) } };
    simpler.set(point.exits, simple);
    return simple;
  }

  /** Offers what was found to places, and its figures elsewhere to the same and to those of the spaces that wait. */
  function takeIn(found: readonly FrontPoint[], on: DesignSpace, place: FrontArchive<FrontPoint>): void {
    for (const each of found) {
      const { point, on: home } = simplified(each, on);
      offer(place, [point]);
      for (const other of waiting.keys())
        if (other !== home && isSameChain(other, home)) offer(place, tried(point, other));
    }
  }

  return {
    front: () => plansOf(known),
    add(found, on) {
      takeIn(found, on, known);
      for (const each of found) {
        const { point, on: home } = simplified(each, on);
        for (const [other, archive] of waiting)
          if (isSameChain(other, home)) offer(archive, tried(point, other));
      }
    },
    frontWith(found, on) {
      const all = createFrontArchive<FrontPoint>(samples);
      offer(all, plansOf(known));
      takeIn(found, on, all);
      return plansOf(all);
    },
    waiting: () => waiting.size,
    mostPromising() {
      let best: { readonly on: DesignSpace; readonly volume: number } | undefined;
      for (const [on, archive] of waiting) {
        const volume = hypervolume(plansOf(archive), referencePoint(first));
        if (!best || volume > best.volume) best = { on, volume };
      }
      return best?.on;
    },
    begin: (on) => void waiting.delete(on),
  };
}

function offer(archive: FrontArchive<FrontPoint>, points: readonly FrontPoint[]): void {
  for (const point of points) archive.offer(point.right, point.latencyMs, point);
}

function plansOf(archive: FrontArchive<FrontPoint>): FrontPoint[] {
  return archive.front().map(({ plan }) => plan);
}
