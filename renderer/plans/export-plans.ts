import { plansCsv } from "../../shared/presentation/plans/plans-csv.ts";
import { currentNetworkTitles } from "../state/network-titles.ts";
import { currentPlanColumns } from "../state/plan-columns.ts";
import { usePlans } from "../state/plan-store.ts";
import { projectName } from "../state/project-store.ts";
import { saveFile } from "../state/save-file.ts";
import { currentShownPlans } from "../state/shown-plans.ts";

/** Saves the plans that the table shows, with every column that there is. */
export async function exportPlans(): Promise<void> {
  const { backbone, series } = usePlans.getState();
  if (!backbone) return;
  const titleOf = (id: string) => series.find((one) => one.id === id)?.title ?? id;
  const { rows } = currentShownPlans();
  const csv = plansCsv(rows, currentPlanColumns(), backbone, titleOf, currentNetworkTitles());
  await saveFile(`${projectName()}-plans.csv`, csv);
}
