import { currentBestPlan } from "../../state/best-plan.ts";
import { chartChoices, useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { currentGuaranteedPlan } from "../../state/guaranteed-plan.ts";
import { useLive } from "../../state/live-store.ts";
import { usePlans, withFigures } from "../../state/plan-store.ts";
import { projectName, useProject } from "../../state/project-store.ts";
import { saveFile } from "../../state/save-file.ts";
import { rasterise } from "../../ui/rasterise.ts";
import { axes, domainAround, domainOfAll, including } from "../geometry/axes.ts";
import { chartFrame } from "../geometry/chart-frame.ts";
import { seriesLayers } from "../geometry/chart-layers.ts";
import { chartSvg } from "../geometry/chart-svg.ts";
import { constraintLines } from "../geometry/constraints.ts";
import { backbonePlace, namedPoints, planPlace } from "../geometry/named-points.ts";
import { pinnedSeries, referenceSeries } from "../geometry/series.ts";
import { tokenColour } from "./theme-colours.ts";

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
  const { useCase, pinned, target } = useDesign.getState();
  const { figures } = useLive.getState();
  const axis = axes[axisId];
  const layers = seriesLayers(plans, series, hidden, axis, stated);
  const constraints = constraintLines(useCase, axis, backbone.accuracy);
  const live = figures && planPlace(figures, axis);
  const here = backbonePlace(backbone, axis);
  const limits = constraints.map(({ direction, at }) =>
    direction === "horizontal" ? { ...here, y: at } : { ...here, x: at },
  );
  const key = [here, ...limits];
  const all = layers.flatMap(({ front, dominated }) => [...front, ...dominated]);
  const fitted = fit === "all" ? domainOfAll([...key, ...all], log) : domainAround(key, all, log);
  const shown = live ? including(fitted, live) : fitted;
  const references = project.references.filter((reference) => reference.target === target);
  return chartSvg({
    frame: chartFrame(size, axis, log, zoom ?? shown),
    title: `${project.name}: accuracy against ${axis.title.toLowerCase()}`,
    layers,
    constraints,
    named: namedPoints(
      {
        backbone,
        references: hidden.includes(referenceSeries.id) ? [] : references,
        pinned: hidden.includes(pinnedSeries.id) ? [] : withFigures(pinned),
        best: currentBestPlan(),
        guaranteed: currentGuaranteedPlan(),
      },
      axis,
    ),
    live,
    backboneMs: backbone.latencyMs,
    colour: tokenColour,
  });
}
