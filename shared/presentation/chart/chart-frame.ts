import type { Pixel, PlotBox } from "../drawing/drawing.ts";
import type { Axis, Place } from "./axes.ts";
import type { Domain } from "./chart-domain.ts";
import { axisTicks, createScale, percentTicks, type Scale, type Tick, ticksOf } from "./chart-scale.ts";

/** Everything that the layers of the chart share, so that they draw at the same places. */
export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly box: PlotBox;
  readonly axis: Axis;
  readonly log: boolean;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Lays the chart out. */
export function chartFrame({ width, height }: Size, axis: Axis, log: boolean, domain: Domain): ChartFrame {
  const box = { left: 44, right: width - 16, top: axis.measure ? 34 : 20, bottom: height - 36 };
  const x = createScale(domain.x, [box.left, box.right], log);
  const y = createScale(domain.y, [box.bottom, box.top]);
  return {
    width,
    height,
    box,
    axis,
    log,
    x,
    y,
    xTicks: axisTicks(axis, ticksOf(x, log, 64)),
    yTicks: percentTicks(ticksOf(y, false, 36)),
  };
}

export function pixelOf({ x, y }: ChartFrame, place: Place): Pixel {
  return { left: x(place.x), top: y(place.y) };
}

export function placeAt({ x, y }: ChartFrame, { left, top }: Pixel): Place {
  return { x: x.invert(left), y: y.invert(top) };
}

/** @param margin how far outside the plot still counts, px */
export function isInPlot({ box }: ChartFrame, { left, top }: Pixel, margin = 0): boolean {
  return (
    left >= box.left - margin &&
    left <= box.right + margin &&
    top >= box.top - margin &&
    top <= box.bottom + margin
  );
}

export function clampedToPlot({ box }: ChartFrame, { left, top }: Pixel): Pixel {
  return {
    left: Math.min(box.right, Math.max(box.left, left)),
    top: Math.min(box.bottom, Math.max(box.top, top)),
  };
}
