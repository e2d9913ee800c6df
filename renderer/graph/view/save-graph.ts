import { call } from "../../state/call.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { notify, notifyError } from "../../state/notice-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useSettings } from "../../state/settings-store.ts";
import { graphSvg, type Palette } from "../geometry/graph-svg.ts";
import { heatMeasures } from "../geometry/heat.ts";
import { heatScaleOf } from "../geometry/heat-scale.ts";
import { currentCanvas } from "./canvas.ts";

/** Pixels of the PNG per px of the graph; less if the picture would be larger than canvases are. */
const pngScale = 2;
const largestSide = 16_000;

export async function saveGraphSvg(): Promise<void> {
  const picture = drawGraph();
  if (picture) await saveFile("svg", picture.svg);
}

export async function saveGraphPng(): Promise<void> {
  const picture = drawGraph();
  if (!picture) return;
  try {
    await saveFile("png", await pngOf(picture));
  } catch (error) {
    notifyError(error);
  }
}

function drawGraph() {
  const canvas = currentCanvas();
  const { project } = useProject.getState();
  if (!canvas || !project) return undefined;
  const { views } = useSettings.getState();
  const { exits, cut } = livePlanOf(useDesign.getState());
  const rates = useLive.getState().figures?.exitRates;
  const measure = heatMeasures.find(({ id }) => id === views["graph.heat"]) ?? heatMeasures[0];
  return graphSvg({
    scene: canvas.scene,
    backbone: project.backbone,
    exits,
    cut,
    exitRates: rates?.length === exits.length + 1 ? rates : null,
    heat: heatScaleOf(measure, canvas.scene),
    palette: currentPalette(),
  });
}

async function saveFile(extension: "svg" | "png", content: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const name = `${useProject.getState().project?.name ?? "graph"}-graph.${extension}`;
  try {
    const { path } = await call("file.save", { name, content });
    if (path) notify(`Saved ${path.split(/[\\/]/).at(-1)}`, "good");
  } catch (error) {
    notifyError(error);
  }
}

async function pngOf({
  svg,
  width,
  height,
}: NonNullable<ReturnType<typeof drawGraph>>): Promise<Uint8Array<ArrayBuffer>> {
  const scale = Math.min(pngScale, largestSide / Math.max(width, height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("the graph is too large for a PNG");
  return new Uint8Array(await blob.arrayBuffer());
}

/** The window's own colours, so that the picture looks as the graph does. */
function currentPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: token("surface"),
    raised: token("surface-raised"),
    sunken: token("surface-sunken"),
    ink: token("ink"),
    soft: token("ink-soft"),
    border: token("border"),
    strong: token("border-strong"),
    live: token("series-live"),
  };
}
