import { figuresOf } from "../evaluate/live/place-exits.ts";
import { isSameChain, type PartitionedPlan, type PlanPartition } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { cutAt, type DesignSpace } from "../space/design-space.ts";

/** The partition at which a plan is fastest; the first of equals, so none rather than a useless one. */
export function bestPartition(
  partitionSpaces: readonly DesignSpace[],
  { exits, chain }: Pick<PartitionedPlan, "exits" | "chain">,
  latency: UseCase["latency"],
): PlanPartition {
  let best: { readonly ms: number; readonly on?: DesignSpace } = { ms: Number.POSITIVE_INFINITY };
  for (const on of partitionSpaces.filter((own) => isSameChain(own, { chain }))) {
    const ms = figuresOf(on.space, exits)?.latencyMs[latency] ?? Number.POSITIVE_INFINITY;
    if (ms < best.ms) best = { ms, on };
  }
  return best.on?.partition ? cutAt(best.on.partition) : {};
}
