import type { FrontFile } from "../../shared/files/front-file.ts";
import { offeredPlans } from "../../shared/presentation/plans/plans-beside.ts";
import { table } from "./format.ts";

/** The plans that a search offers, side by side; nothing where there is one only. */
export function describeOffered(front: FrontFile): string[] {
  const plans = offeredPlans(front);
  if (plans.length === 0) return [];
  const rows = plans.map(({ title, file, plan, accuracy, latency, speedup, largestDrop, kept }) => [
    title,
    String(plan.exits.length),
    accuracy,
    latency,
    speedup,
    largestDrop,
    kept,
    file,
  ]);
  const head = ["plan", "exits", "right", "latency", "speed-up", "drop, new images, at most", "kept", "file"];
  return ["", ...table(head, rows)];
}
