import { useMemo } from "react";
import { useRemembered } from "../stores/settings-store.ts";
import { type HeatMeasure, heatMaximum, heatMeasures } from "./heat.ts";
import type { Scene } from "./layout.ts";
import type { HeatScale } from "./marks.ts";

/** The measure that colours the graph, remembered between runs. */
export function useHeatMeasure(): [HeatMeasure, (id: string) => void] {
  const [id, setId] = useRemembered<string>("graph.heat", "none");
  return [heatMeasures.find((measure) => measure.id === id) ?? heatMeasures[0], setId];
}

export function useHeatScale(scene: Scene): HeatScale {
  const [measure] = useHeatMeasure();
  return useMemo(() => heatScaleOf(measure, scene), [measure, scene]);
}

/** Collapsed blocks and the operators of expanded ones share a scale. */
export function heatScaleOf(measure: HeatMeasure, { blocks, operators }: Scene): HeatScale {
  const shown = [
    ...blocks.filter(({ expanded }) => !expanded).map(({ block }) => block.cost),
    ...operators.map(({ cost }) => cost),
  ];
  return { measure, maximum: heatMaximum(measure, shown) };
}
