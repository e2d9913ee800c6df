import { statedExits } from "../../../shared/space/plan-exits.ts";
import { planJson } from "../../plans/plan-json.ts";
import { currentBestPlan } from "../../state/best-plan.ts";
import { call } from "../../state/call.ts";
import { chartChoices, chooseChart, fitChart } from "../../state/chart-store.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { classOffsetsOf } from "../../state/live/class-offsets.ts";
import { useLive } from "../../state/live-store.ts";
import { notify, notifyError } from "../../state/notice-store.ts";
import { pinPlan } from "../../state/pinning.ts";
import { usePlans } from "../../state/plan-store.ts";
import { useProject } from "../../state/project-store.ts";
import { canSearch, startSearch } from "../../state/stages/start-search.ts";
import { useView } from "../../state/view-store.ts";
import type { Command } from "../../ui/command.ts";
import { exportChart, exportPlans } from "./export-files.ts";

const hasProject = () => useProject.getState().project !== null;
const hasFigures = () => useLive.getState().figures !== null;
const hasChart = () => usePlans.getState().backbone !== null;
const hasPlans = () => usePlans.getState().plans.length > 0;

export const paretoCommands: readonly Command[] = [
  {
    id: "plans.pin",
    title: "Pin the plan",
    group: "Plans",
    keys: "P",
    enabled: hasFigures,
    run: () => pinPlan(useView.getState().hovered ?? livePlanOf(useDesign.getState())),
  },
  {
    id: "plans.compare",
    title: "Compare plans",
    group: "Plans",
    keys: "Shift+C",
    enabled: hasFigures,
    run: () => useView.setState({ dialog: "compare" }),
  },
  {
    id: "plans.takeBest",
    title: "Take the best plan",
    group: "Plans",
    keys: "B",
    enabled: () => currentBestPlan() !== null,
    run: () => useDesign.getState().takePlan(currentBestPlan()!.plan),
  },
  {
    id: "plans.clear",
    title: "Remove every exit",
    group: "Plans",
    enabled: () => useDesign.getState().exits.length > 0,
    run: () => useDesign.getState().setExits([]),
  },
  {
    id: "plans.copyJson",
    title: "Copy the plan as JSON",
    group: "Plans",
    keys: "Mod+Shift+C",
    enabled: hasProject,
    run: () => void copyJson(),
  },
  {
    id: "chart.fit",
    title: "Fit the chart to the front",
    group: "Plans",
    keys: "Shift+F",
    enabled: hasChart,
    run: () => fitChart("front"),
  },
  {
    id: "chart.fitAll",
    title: "Fit the chart to all plans",
    group: "Plans",
    enabled: hasChart,
    run: () => fitChart("all"),
  },
  {
    id: "chart.log",
    title: "Chart: linear or logarithmic",
    group: "Plans",
    enabled: hasChart,
    run: () => chooseChart({ log: !chartChoices().log }),
  },
  {
    id: "chart.exportSvg",
    title: "Export chart as SVG…",
    group: "Plans",
    enabled: hasChart,
    run: () => void exportChart("svg").catch(notifyError),
  },
  {
    id: "chart.exportPng",
    title: "Export chart as PNG…",
    group: "Plans",
    enabled: hasChart,
    run: () => void exportChart("png").catch(notifyError),
  },
  {
    id: "chart.exportCsv",
    title: "Export plans as CSV…",
    group: "Plans",
    enabled: hasPlans,
    run: () => void exportPlans().catch(notifyError),
  },
  {
    id: "search.run",
    title: "Search for plans",
    group: "Search",
    keys: "Mod+Enter",
    enabled: canSearch,
    run: () => void startSearch().catch(notifyError),
  },
  {
    id: "search.stop",
    title: "Stop the search",
    group: "Search",
    enabled: () => useJobs.getState().search !== undefined,
    run: () => useJobs.getState().search?.stop(),
  },
  {
    id: "search.cancel",
    title: "Cancel the search",
    group: "Search",
    enabled: () => useJobs.getState().search !== undefined,
    run: () => useJobs.getState().search?.cancel?.(),
  },
  {
    id: "search.open",
    title: "Show the search",
    group: "Search",
    enabled: hasProject,
    run: () => useView.setState({ panel: "search" }),
  },
];

async function copyJson(): Promise<void> {
  const { project, tables } = useProject.getState();
  if (!project) return;
  const { exits, offload } = useDesign.getState();
  const stated = statedExits(exits, (exit) => classOffsetsOf(project, tables, exit));
  try {
    await call("clipboard.write", { text: planJson(project.backbone.sha256, stated, offload?.cut) });
    notify("The plan is on the clipboard, as plan.json.", "good");
  } catch (error) {
    notifyError(error);
  }
}
