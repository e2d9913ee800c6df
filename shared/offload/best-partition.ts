import { figuresOf } from "../evaluate/live/place-exits.ts";
import { costOf, type PlanExit, type PlanWay } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { cutAt, type DesignSpace, type Partition } from "../space/design-space.ts";

/** The partition at which a plan costs least of what the front counts, as plans say it; the first of equals, so none rather than a useless one. */
export function bestPartition(
  spaces: readonly DesignSpace[],
  exits: readonly PlanExit[],
  useCase: Pick<UseCase, "axis" | "latency">,
): Omit<PlanWay, "chain"> {
  let best: { readonly ms: number; readonly partition?: Partition } = { ms: Number.POSITIVE_INFINITY };
  for (const { space, partition } of spaces) {
    const figures = figuresOf(space, exits);
    const ms = figures ? costOf(figures, useCase) : Number.POSITIVE_INFINITY;
    if (ms < best.ms) best = { ms, partition };
  }
  return best.partition ? cutAt(best.partition) : {};
}
