import { plansCsv } from "../../shared/presentation/plans/plans-csv.ts";
import { currentOutlookBasis } from "../state/live-outlook.ts";
import { currentNetworkTitles } from "../state/network-titles.ts";
import { usePlans } from "../state/plan-store.ts";
import { projectName } from "../state/project-store.ts";
import { saveFile } from "../state/save-file.ts";
import { currentShownPlans } from "../state/shown-plans.ts";
import { columnsOn } from "./outlook-columns.ts";

/** Saves the plans that the table shows. */
export async function exportPlans(): Promise<void> {
  const { backbone, series } = usePlans.getState();
  if (!backbone) return;
  const titleOf = (id: string) => series.find((one) => one.id === id)?.title ?? id;
  const columns = columnsOn(currentOutlookBasis());
  const csv = plansCsv(currentShownPlans(), backbone, titleOf, currentNetworkTitles(), columns);
  await saveFile(`${projectName()}-plans.csv`, csv);
}
