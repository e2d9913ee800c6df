import type { Cost } from "../../../shared/presentation/graph/blocks.ts";
import { type HeatColour, type HeatMeasure, heatColour, heatMaximum } from "./heat.ts";
import type { Scene } from "./scene.ts";

/** What the colours mean now. */
export interface HeatScale {
  readonly measure: HeatMeasure;
  /** The highest cost shown; undefined if nothing is coloured. */
  readonly maximum: number | undefined;
}

/** The colour of a cost; undefined where there is none. */
export function heatOf({ measure, maximum }: HeatScale, cost: Cost): HeatColour | undefined {
  const value = measure.of(cost);
  return value === undefined || maximum === undefined ? undefined : heatColour(value / maximum);
}

/** Collapsed blocks and the operators of expanded ones share a scale, of all networks. */
export function heatScaleOf(measure: HeatMeasure, { blocks, operators }: Scene): HeatScale {
  const shown = [
    ...blocks.filter(({ expanded }) => !expanded).map(({ block }) => block.cost),
    ...operators.map(({ cost }) => cost),
  ];
  return { measure, maximum: heatMaximum(measure, shown) };
}
