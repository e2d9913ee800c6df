import { chartChoices, chooseChart, fitChart } from "../../state/chart-store.ts";
import type { HandlersOf } from "../../state/commands.ts";
import { notifyError } from "../../state/notice-store.ts";
import { addOtherFront } from "../../state/other-fronts.ts";
import { usePlans } from "../../state/plan-store.ts";
import { exportChart } from "./export-files.ts";

const hasChart = () => usePlans.getState().backbone !== null;

export const chartCommands: HandlersOf<"chart"> = {
  "chart.fit": { enabled: hasChart, run: () => fitChart("front") },
  "chart.fitAll": { enabled: hasChart, run: () => fitChart("all") },
  "chart.log": { enabled: hasChart, run: () => chooseChart({ log: !chartChoices().log }) },
  "chart.overlay": { enabled: hasChart, run: () => void addOtherFront() },
  "chart.exportSvg": { enabled: hasChart, run: () => void exportChart("svg").catch(notifyError) },
  "chart.exportPng": { enabled: hasChart, run: () => void exportChart("png").catch(notifyError) },
};
