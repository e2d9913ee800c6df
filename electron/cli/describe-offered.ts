import type { FrontFile } from "../../shared/files/front-file.ts";
import { areChained } from "../../shared/presentation/plans/plan-columns.ts";
import { offeredPlans } from "../../shared/presentation/plans/plans-beside.ts";
import { chainLabel } from "../../shared/presentation/words/describe-plan.ts";
import type { NetworkTitles } from "../../shared/presentation/words/network-titles.ts";
import { table } from "./format.ts";

/** The plans that a search offers, side by side; nothing where there is one only. */
export function describeOffered(front: FrontFile, titles: NetworkTitles): string[] {
  const plans = offeredPlans(front);
  if (plans.length === 0) return [];
  const hasChains = areChained(plans.map(({ plan }) => plan));
  const rows = plans.map(({ title, file, plan, accuracy, latency, speedup, largestDrop, kept }) => [
    title,
    ...(hasChains ? [chainLabel(plan, titles)] : []),
    String(plan.exits.length),
    accuracy,
    latency,
    speedup,
    largestDrop,
    kept,
    file,
  ]);
  const head = [
    "plan",
    ...(hasChains ? ["networks"] : []),
    "exits",
    "right",
    "latency",
    "speed-up",
    "drop, new images, at most",
    "kept",
    "file",
  ];
  return ["", ...table(head, rows)];
}
