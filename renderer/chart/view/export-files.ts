import { axes, planPlace } from "../../../shared/presentation/axes.ts";
import { namedPoints, planPoint } from "../../../shared/presentation/named-points.ts";
import { paretoDrawing, withLegend } from "../../../shared/presentation/pareto-drawing.ts";
import { type ParetoContent, paretoDomain, paretoScene } from "../../../shared/presentation/pareto-scene.ts";
import { plansCsv } from "../../../shared/presentation/plans-csv.ts";
import { pinnedSeries, referenceSeries } from "../../../shared/presentation/series.ts";
import { seriesLayers } from "../../../shared/presentation/series-layers.ts";
import { svgFile } from "../../../shared/presentation/svg.ts";
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
import { tokenColour } from "../../ui/theme-colours.ts";

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
  const live = figures && planPlace(figures, axis);
  const profile = targetProfile();
  const references = project.references.filter(({ target }) => target === profile?.id);
  const named = namedPoints(
    {
      backbone,
      references: hidden.includes(referenceSeries.id) ? [] : references,
      pinned: hidden.includes(pinnedSeries.id) ? [] : withFigures(pinned),
      best: currentBestPlan(),
      guaranteed: currentGuaranteedPlan(),
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
  };
  const scene = paretoScene(content, size, zoom ?? paretoDomain(content, live, fit));
  const drawing = withLegend(
    paretoDrawing(scene),
    layers.map((layer) => layer.series),
  );
  const title = `${project.name}: accuracy against ${axis.title.toLowerCase()}`;
  return svgFile(drawing, title, tokenColour);
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
