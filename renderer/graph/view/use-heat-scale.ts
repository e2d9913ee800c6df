import { useMemo } from "react";
import { useRemembered } from "../../state/settings-store.ts";
import { type HeatMeasure, heatMeasures } from "../geometry/heat.ts";
import { type HeatScale, heatScaleOf } from "../geometry/heat-scale.ts";
import type { Scene } from "../geometry/scene.ts";

/** Its key in the settings. */
export const rememberedHeat = "graph.heat";

/** The measure that colours the graph, remembered between runs. */
export function useHeatMeasure(): [HeatMeasure, (id: string) => void] {
  const [id, setId] = useRemembered<string>(rememberedHeat, "none");
  return [heatMeasures.find((measure) => measure.id === id) ?? heatMeasures[0], setId];
}

export function useHeatScale(scene: Scene): HeatScale {
  const [measure] = useHeatMeasure();
  return useMemo(() => heatScaleOf(measure, scene), [measure, scene]);
}
