import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { type ExitImportance, lossTexts } from "../../shared/presentation/plans/exit-importance.ts";
import { namedByTensor, placeOfExit } from "../../shared/presentation/words/describe-plan.ts";
import type { NetworkTitles } from "../../shared/presentation/words/network-titles.ts";
import { table } from "./format.ts";

/** What is lost without each exit of a plan; nothing where that isn't known. */
export function describeImportance(
  plan: PartitionedPlan,
  importance: readonly ExitImportance[],
  titles: NetworkTitles,
): string[] {
  if (importance.length === 0) return [];
  const rows = importance.map(({ lost }, index) => {
    const { accuracy, meanLatency, slowdown, remark = "" } = lossTexts(lost);
    const place = placeOfExit(plan.exits[index], plan, namedByTensor(titles));
    return [
      String(index + 1),
      place,
      accuracy,
      lost ? `${meanLatency}, ${slowdown} as long` : meanLatency,
      remark,
    ];
  });
  return ["", ...table(["without exit", "cut point", "accuracy", "mean latency", ""], rows)];
}
