import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { planText } from "../../../shared/files/plan-file.ts";
import type { PartitionedPlan, Plan } from "../../../shared/model/plan.ts";
import { offeredFiles, offeredPlans } from "../../../shared/presentation/plans/plans-beside.ts";
import type { RemoveOld } from "../base/write-outputs.ts";

/**
 * Writes the plan that a search offers beside the recommended one, and takes away what an earlier search offered.
 * @param asFile the plan as files have it
 */
export async function writeOffered(
  front: FrontFile,
  asFile: (plan: PartitionedPlan) => Plan,
  draft: string,
  removeOld: RemoveOld,
): Promise<void> {
  const [, beside] = offeredPlans(front);
  for (const name of Object.values(offeredFiles)) if (name !== beside?.file) removeOld(name);
  if (beside) await writeFile(join(draft, beside.file), planText(asFile(beside.plan)));
}
