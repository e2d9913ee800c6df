import { plansCsv } from "../../plans/plans-csv.ts";
import { currentBestPlan } from "../../state/best-plan.ts";
import { call } from "../../state/call.ts";
import { chartChoices, useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { currentGuaranteedPlan } from "../../state/guaranteed-plan.ts";
import { useLive } from "../../state/live-store.ts";
import { notify } from "../../state/notice-store.ts";
import { usePlans, withFigures } from "../../state/plan-store.ts";
import { useProject } from "../../state/project-store.ts";
import { currentShownPlans } from "../../state/shown-plans.ts";
import { targetProfile } from "../../state/target-profile.ts";
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
  await save(`${fileStem()}-pareto.${format}`, format === "svg" ? svg : await rasterised(svg));
}

/** Saves the plans that the table shows. */
export async function exportPlans(): Promise<void> {
  const { backbone, series } = usePlans.getState();
  if (!backbone) return;
  const titleOf = (id: string) => series.find((one) => one.id === id)?.title ?? id;
  await save(`${fileStem()}-plans.csv`, plansCsv(currentShownPlans(), backbone, titleOf));
}

async function save(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const { path } = await call("file.save", { name, content });
  if (path) notify(`Saved ${path.split(/[\\/]/).at(-1)}`, "good");
}

function fileStem(): string {
  return useProject.getState().project?.name ?? "offramp";
}

function drawChart(): string | null {
  const { plans, series, stated, backbone } = usePlans.getState();
  const { project } = useProject.getState();
  if (!backbone || !project) return null;
  const { axis: axisId, log, hidden } = chartChoices();
  const { zoom, fit } = useChart.getState();
  const { useCase, pinned } = useDesign.getState();
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
  const profile = targetProfile();
  const references = project.references.filter(({ target }) => target === profile?.id);
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

/** Draws an SVG file on a canvas. */
async function rasterised(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * pngScale;
  canvas.height = image.naturalHeight * pngScale;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  return new Uint8Array(await blob!.arrayBuffer());
}
