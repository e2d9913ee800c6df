import { countSamples, figuresOfCounts, type SampleCounts } from "../../evaluate/evaluate-plan.ts";
import { costOf, isSameChain } from "../../model/plan.ts";
import type { UseCase } from "../../model/use-case.ts";
import { createFrontArchive, type FrontArchive } from "../../pareto/front-archive.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import { type DesignSpace, designOf } from "../../space/design-space.ts";
import { onAxis } from "../../space/energy-axis.ts";
import { referencePoint } from "../../space/reference-point.ts";
import { maxPlanBytes, planBytes, totalWeight } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { figuresAdmission } from "../engine/admission.ts";
import type { FrontPoint } from "../engine/front-point.ts";
import { plansWithoutHeads } from "./plans-without-heads.ts";
import { withoutIdleNetworks } from "./without-idle-networks.ts";

/**
 * The plans that a search over designs has found, and their figures in the spaces that it has still to search. Where there
 * are partitions, what the device can do alone is kept apart, for no partition may cut short what is found there.
 */
export interface KnownPlans {
  /** What has to be beaten in a space: the front over all of them, or over those without a partition if it has none. */
  rivals(on: DesignSpace): FrontPoint[];
  /** Takes in what was found in a space, and tries it in those that wait and have the same exits. */
  add(found: readonly FrontPoint[], on: DesignSpace): void;
  /** The front over all spaces as it would be with plans found in a space; takes nothing in. */
  frontWith(found: readonly FrontPoint[], on: DesignSpace): FrontPoint[];
  /** The same over those without a partition. */
  aloneWith(found: readonly FrontPoint[], on: DesignSpace): FrontPoint[];
  /** How many spaces wait. */
  waiting(): number;
  /** Of the spaces that wait, those without a partition before all others, the one in which known plans have the largest hypervolume. */
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
  const reference = referencePoint(onAxis(first, useCase));
  const waiting = new Map(spaces.map((on) => [on, createFrontArchive<FrontPoint>(samples)]));
  const known = createFrontArchive<FrontPoint>(samples);
  const alone = spaces.some(({ partition }) => partition) ? createFrontArchive<FrontPoint>(samples) : known;
  /** By exits, as plans are looked at again and again while they stay on the front. */
  const counts = new WeakMap<FrontPoint["exits"], SampleCounts>();
  const simpler = new WeakMap<FrontPoint["exits"], { readonly from: DesignSpace } & PlacedPoint>();

  if (spaces.some(({ chain }) => chain))
    for (const ways of byChain(spaces))
      for (const exits of plansWithoutHeads(ways[0].space))
        for (const on of ways) {
          const point = looked(exits, on);
          for (const place of [waiting.get(on)!, ...placesOf(on)]) offer(place, point);
        }

  /** A plan that no search has found, if the limits admit it. */
  function looked(exits: readonly ThresholdedExit[], on: DesignSpace): FrontPoint[] {
    const { space } = on;
    const candidates = exits.map(({ candidate }) => candidate);
    if (planBytes(space, candidates) > maxPlanBytes(space, useCase)) return [];
    const counted = countsOf(exits, on);
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
    return [{ exits, right, accuracy, latencyMs: costOf(figures, useCase), ...designOf(on) }];
  }

  /**
   * The plan without the networks that it only passes through: as accurate, and never slower at the partition of the shorter
   * chain that suits it best.
   */
  function simplified(point: FrontPoint, on: DesignSpace): PlacedPoint {
    const done = simpler.get(point.exits);
    if (done?.from === on) return done;
    const placed = withoutIdleNetworks(point.exits, on, spaces).flatMap((less) =>
      tried({ ...point, exits: less.exits }, less.on).map((own) => ({ on: less.on, point: own })),
    );
    const own = { on, point: { ...point, ...designOf(on) } };
    const [first = own, ...others] = placed;
    const simple = others.reduce(
      (best, other) => (other.point.latencyMs < best.point.latencyMs ? other : best),
      first,
    );
    simpler.set(point.exits, { ...simple, from: on });
    return simple;
  }

  /** Where a plan of a space counts. */
  function placesOf({ partition }: DesignSpace): FrontArchive<FrontPoint>[] {
    return partition || alone === known ? [known] : [known, alone];
  }

  /** What was found, and its figures in the spaces that wait. */
  function takenIn(found: readonly FrontPoint[], on: DesignSpace): PlacedPoint[] {
    return found.flatMap((each) => {
      const { point, on: home } = simplified(each, on);
      const others = [...waiting.keys()].filter((other) => other !== home && isSameChain(other, home));
      const elsewhere = others.flatMap((other) =>
        tried(point, other).map((own) => ({ on: other, point: own })),
      );
      return [{ on: home, point }, ...elsewhere];
    });
  }

  /** An archive's front with plans found in a space. */
  function joined(
    archive: FrontArchive<FrontPoint>,
    found: readonly FrontPoint[],
    on: DesignSpace,
  ): FrontPoint[] {
    const all = createFrontArchive<FrontPoint>(samples);
    offer(all, plansOf(archive));
    for (const { point, on: home } of takenIn(found, on))
      if (placesOf(home).includes(archive)) offer(all, [point]);
    return plansOf(all);
  }

  return {
    rivals: ({ partition }) => plansOf(partition ? known : alone),
    add(found, on) {
      for (const { point, on: home } of takenIn(found, on))
        for (const place of placesOf(home)) offer(place, [point]);
      for (const each of found) {
        const { point, on: home } = simplified(each, on);
        for (const [other, archive] of waiting)
          if (isSameChain(other, home)) offer(archive, tried(point, other));
      }
    },
    frontWith: (found, on) => joined(known, found, on),
    aloneWith: (found, on) => joined(alone, found, on),
    waiting: () => waiting.size,
    mostPromising() {
      let best: { readonly on: DesignSpace; readonly volume: number } | undefined;
      const isWaitingAlone = [...waiting.keys()].some(({ partition }) => !partition);
      for (const [on, archive] of waiting) {
        if (isWaitingAlone && on.partition) continue;
        const volume = hypervolume(plansOf(archive), reference);
        if (!best || volume > best.volume) best = { on, volume };
      }
      return best?.on;
    },
    begin: (on) => void waiting.delete(on),
  };
}

/** The spaces of each chain. */
function byChain(spaces: readonly DesignSpace[]): DesignSpace[][] {
  const chains = new Map<string | undefined, DesignSpace[]>();
  for (const on of spaces) {
    const key = on.chain?.join();
    chains.set(key, [...(chains.get(key) ?? []), on]);
  }
  return [...chains.values()];
}

function offer(archive: FrontArchive<FrontPoint>, points: readonly FrontPoint[]): void {
  for (const point of points) archive.offer(point.right, point.latencyMs, point);
}

function plansOf(archive: FrontArchive<FrontPoint>): FrontPoint[] {
  return archive.front().map(({ plan }) => plan);
}
