import { type PlotBox, path, px, type Shape, text } from "../drawing/drawing.ts";
import type { Scale, Tick } from "./chart-scale.ts";

/** Ticks with their labels below the plot, on its base line. */
export function bottomAxis(scale: Scale, box: PlotBox, ticks: readonly Tick[]): Shape[] {
  return [
    path(`M${px(box.left)},${px(box.bottom)}H${px(box.right)}`, { stroke: "border-strong" }),
    ...ticks.flatMap(({ value, label }) => [
      path(`M${px(scale(value))},${px(box.bottom)}v4`, { stroke: "border-strong" }),
      text({ left: scale(value), top: box.bottom + 16 }, label, { anchor: "middle" }),
    ]),
  ];
}

/** Grid lines with their labels left of the plot. */
export function leftAxis(scale: Scale, box: PlotBox, ticks: readonly Tick[]): Shape[] {
  return ticks.flatMap(({ value, label }) => [
    path(`M${px(box.left)},${px(scale(value))}H${px(box.right)}`, { stroke: "border" }),
    text({ left: box.left - 6, top: scale(value) + 4 }, label, { anchor: "end" }),
  ]);
}

/** Ticks with their labels above the plot. */
export function topAxis(
  box: PlotBox,
  ticks: readonly { readonly at: number; readonly label: string }[],
): Shape[] {
  return ticks.flatMap(({ at, label }) => [
    path(`M${px(at)},${px(box.top)}v-4`, { stroke: "border-strong" }),
    text({ left: at, top: box.top - 7 }, label, { anchor: "middle" }),
  ]);
}
