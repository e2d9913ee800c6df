import {
  type Axis,
  createScale,
  type Domain,
  type Place,
  percentLabels,
  type Scale,
  tickLabels,
  ticksOf,
} from "./axes.ts";

/** Where the plot stands inside the chart, px. */
export interface PlotBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

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
  const box = { left: 44, right: width - 16, top: axis.latency ? 34 : 20, bottom: height - 36 };
  const x = createScale(domain.x, [box.left, box.right], log);
  const y = createScale(domain.y, [box.bottom, box.top]);
  const xValues = ticksOf(x, log, 64);
  const yValues = ticksOf(y, false, 36);
  const xLabels = tickLabels(axis, xValues);
  const yLabels = percentLabels(yValues);
  return {
    width,
    height,
    box,
    axis,
    log,
    x,
    y,
    xTicks: xValues.map((value, index) => ({ value, label: xLabels[index] })),
    yTicks: yValues.map((value, index) => ({ value, label: yLabels[index] })),
  };
}

/** A place in pixels. */
export interface Pixel {
  readonly left: number;
  readonly top: number;
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
