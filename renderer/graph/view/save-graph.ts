import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { currentDifference } from "../../state/model-difference.ts";
import { projectName, useProject } from "../../state/project-store.ts";
import { saveFile } from "../../state/save-file.ts";
import { useSettings } from "../../state/settings-store.ts";
import { rasterise } from "../../ui/rasterise.ts";
import { graphSvg, type Palette } from "../geometry/graph-svg.ts";
import { heatMeasures } from "../geometry/heat.ts";
import { heatScaleOf } from "../geometry/heat-scale.ts";
import { currentCanvas } from "./canvas.ts";

/** Pixels of the PNG per px of the graph. */
const pngScale = 2;

/** Saves the graph as the person sees it. */
export async function saveGraph(format: "svg" | "png"): Promise<void> {
  const svg = drawGraph();
  if (svg === undefined) return;
  await saveFile(`${projectName()}-graph.${format}`, format === "svg" ? svg : await rasterise(svg, pngScale));
}

function drawGraph(): string | undefined {
  const canvas = currentCanvas();
  const { project } = useProject.getState();
  if (!canvas || !project) return undefined;
  const { views } = useSettings.getState();
  const plan = livePlanOf(useDesign.getState());
  const rates = useLive.getState().figures?.exitRates;
  const measure = heatMeasures.find(({ id }) => id === views["graph.heat"]) ?? heatMeasures[0];
  return graphSvg({
    scene: canvas.scene,
    ...plan,
    exitRates: rates?.length === plan.exits.length + 1 ? rates : null,
    heat: heatScaleOf(measure, canvas.scene),
    differing: currentDifference().differing,
    palette: currentPalette(),
  }).svg;
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
    accent: token("accent"),
    warn: token("warn"),
  };
}
