import { outputHead, type PartitionedPlan, type PlanExit } from "../../shared/model/plan.ts";
import { namedByTensor, placeOfExit } from "../../shared/presentation/words/describe-plan.ts";
import type { NetworkTitles } from "../../shared/presentation/words/network-titles.ts";

/** Where an exit stands and which head stands there, as cells of a table; a network's own output has none. */
export function exitCells(
  exit: PlanExit,
  plan: Pick<PartitionedPlan, "chain">,
  titles: NetworkTitles,
): [place: string, head: string] {
  return [placeOfExit(exit, plan, namedByTensor(titles)), exit.head === outputHead ? "" : exit.head];
}
