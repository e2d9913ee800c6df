import { weighedReference } from "../../../shared/evaluate/live/rival.ts";
import { knownPlace, shownAxis } from "../../../shared/presentation/chart/axes.ts";
import { namedPoints, planPoint } from "../../../shared/presentation/chart/named-points.ts";
import { paretoDrawing, withLegend } from "../../../shared/presentation/chart/pareto-drawing.ts";
import {
  type ParetoContent,
  paretoDomain,
  paretoScene,
} from "../../../shared/presentation/chart/pareto-scene.ts";
import { seriesLayers } from "../../../shared/presentation/chart/series-layers.ts";
import { svgFile } from "../../../shared/presentation/drawing/svg.ts";
import { networkSeries, pinnedSeries, referenceSeries } from "../../../shared/presentation/plans/series.ts";
import { currentBestPlan } from "../../state/best-plan.ts";
import { chartChoices, useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { currentGuaranteedPlan } from "../../state/guaranteed-plan.ts";
import { useLive } from "../../state/live-store.ts";
import { currentNetworkTitles } from "../../state/network-titles.ts";
import { currentNetworksAlone } from "../../state/networks-alone.ts";
import { usePlans, withFigures } from "../../state/plan-store.ts";
import { projectName, useProject } from "../../state/project-store.ts";
import { saveFile } from "../../state/save-file.ts";
import { targetProfile } from "../../state/target-profile.ts";
import { rasterise } from "../../ui/rasterise.ts";
import { tokenColour } from "../../ui/theme-colours.ts";

import { currentOtherLayers } from "./other-layers.ts";

const size = { width: 800, height: 500 };
const pngScale = 2;

/** Saves the chart as the person sees it: same axis, series and range. */
export async function exportChart(format: "svg" | "png"): Promise<void> {
  const svg = drawChart();
  if (svg === null) return;
  await saveFile(
    `${projectName()}-pareto.${format}`,
    format === "svg" ? svg : await rasterise(svg, pngScale),
  );
}

function drawChart(): string | null {
  const { plans, series, stated, backbone } = usePlans.getState();
  const { project } = useProject.getState();
  if (!backbone || !project) return null;
  const { axis: axisId, log, hidden } = chartChoices();
  const { zoom, fit } = useChart.getState();
  const { useCase, pinned } = useDesign.getState();
  const { figures, space } = useLive.getState();
  const axis = shownAxis(axisId, backbone);
  const layers = [...seriesLayers(plans, series, hidden, axis, stated), ...currentOtherLayers(axis, hidden)];
  const live = knownPlace(figures, axis);
  const profile = targetProfile();
  const references = project.references
    .filter(({ target }) => target === profile?.id)
    .map((reference) => (space ? weighedReference(reference, space, project.front?.crossFit) : reference));
  const titles = currentNetworkTitles();
  const named = namedPoints(
    {
      backbone,
      networks: hidden.includes(networkSeries.id) ? [] : currentNetworksAlone(),
      references: hidden.includes(referenceSeries.id) ? [] : references,
      pinned: hidden.includes(pinnedSeries.id) ? [] : withFigures(pinned),
      best: currentBestPlan(),
      guaranteed: currentGuaranteedPlan(),
      titles,
    },
    axis,
  );
  const content: ParetoContent = {
    axis,
    log,
    backbone,
    useCase,
    layers,
    named: live ? [...named, planPoint("live plan", live)] : named,
    plan: live,
    titles,
  };
  const scene = paretoScene(content, size, zoom ?? paretoDomain(content, fit));
  const drawing = withLegend(paretoDrawing(scene), layers);
  const title = `${project.name}: accuracy against ${axis.title.toLowerCase()}`;
  return svgFile(drawing, title, tokenColour);
}
