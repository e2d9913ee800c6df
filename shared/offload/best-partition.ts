import { figuresOf } from "../evaluate/live/place-exits.ts";
import type { PlanExit, PlanWay } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { cutAt, type DesignSpace, type Partition } from "../space/design-space.ts";

/** The partition at which a plan is fastest, as plans say it; the first of equals, so none rather than a useless one. */
export function bestPartition(
  spaces: readonly DesignSpace[],
  exits: readonly PlanExit[],
  latency: UseCase["latency"],
): Omit<PlanWay, "chain"> {
  let best: { readonly ms: number; readonly partition?: Partition } = { ms: Number.POSITIVE_INFINITY };
  for (const { space, partition } of spaces) {
    const ms = figuresOf(space, exits)?.latencyMs[latency] ?? Number.POSITIVE_INFINITY;
    if (ms < best.ms) best = { ms, partition };
  }
  return best.partition ? cutAt(best.partition) : {};
}
