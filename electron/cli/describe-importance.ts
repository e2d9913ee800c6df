import { formatFactor, formatSignedMs, formatSignedPoints } from "../../shared/base/format-number.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { bringsNothing, type ExitImportance } from "../../shared/presentation/plans/exit-importance.ts";
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
  const rows = importance.map(({ lost }, index) => [
    String(index + 1),
    placeOfExit(plan.exits[index], plan, namedByTensor(titles)),
    ...(lost
      ? [
          formatSignedPoints(lost.accuracyPp),
          `${formatSignedMs(lost.meanMs)}, ${formatFactor(lost.slowdown)} as long`,
          bringsNothing(lost) ? "brings nothing" : "",
        ]
      : ["–", "–", ""]),
  ]);
  return ["", ...table(["without exit", "cut point", "accuracy", "mean latency", ""], rows)];
}
