import type { Robustness } from "../../shared/files/robustness.ts";
import { fileWidthPx, svgFile } from "../../shared/presentation/drawing/svg.ts";
import { robustnessChart } from "../../shared/presentation/robustness/robustness-chart.ts";
import { notifyError } from "../state/notice-store.ts";
import { projectName } from "../state/project-store.ts";
import { saveFile } from "../state/save-file.ts";
import { tokenColour } from "../ui/theme-colours.ts";

/** Saves the chart of a plan under corruptions. */
export async function exportRobustness(robustness: Robustness): Promise<void> {
  const title = `${projectName()}: accuracy and latency on corrupted images`;
  const svg = svgFile(robustnessChart(robustness, fileWidthPx), title, tokenColour);
  await saveFile(`${projectName()}-under-shift.svg`, svg).catch(notifyError);
}
