import { figuresOf } from "../evaluate/live/place-exits.ts";
import type { PlanExit } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import type { DesignSpace } from "../space/design-space.ts";

/** The partition at which a plan is fastest, as its tensor; the first of equals, so none rather than a useless one. */
export function bestPartition(
  partitionSpaces: readonly DesignSpace[],
  exits: readonly PlanExit[],
  latency: UseCase["latency"],
): string | undefined {
  let best: { readonly ms: number; readonly tensor?: string } = { ms: Number.POSITIVE_INFINITY };
  for (const { space, partition } of partitionSpaces) {
    const ms = figuresOf(space, exits)?.latencyMs[latency] ?? Number.POSITIVE_INFINITY;
    if (ms < best.ms) best = { ms, tensor: partition?.tensor };
  }
  return best.tensor;
}
