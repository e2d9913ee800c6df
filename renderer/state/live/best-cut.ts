import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import type { CutSpace } from "../../../shared/offload/cut-space.ts";

/** The cut under which a plan is fastest; the first of equals, so none rather than a useless one. */
export function bestCut(
  ways: readonly CutSpace[],
  exits: readonly PlanExit[],
  latency: UseCase["latency"],
): string | undefined {
  let best: { readonly ms: number; readonly cut?: string } = { ms: Number.POSITIVE_INFINITY };
  for (const { space, cut } of ways) {
    const ms = figuresOf(space, exits)?.latencyMs[latency] ?? Number.POSITIVE_INFINITY;
    if (ms < best.ms) best = { ms, cut: cut?.tensor };
  }
  return best.cut;
}
