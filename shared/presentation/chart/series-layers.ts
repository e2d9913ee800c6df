import { curveLinear, curveStepAfter, line } from "d3-shape";
import type { FrontMeasure } from "../../model/use-case.ts";
import { paretoFront } from "../../pareto/pareto-front.ts";
import type { Pixel } from "../drawing/drawing.ts";
import type { ChartedPlan } from "../plans/charted-plans.ts";
import type { Series } from "../plans/series.ts";
import { type Axis, type Place, placeOf } from "./axes.ts";
import { type ChartFrame, isInPlot, pixelOf } from "./chart-frame.ts";

/** A plan with its place on the chart. */
export interface PlacedPlan extends Place {
  readonly plan: ChartedPlan;
}

/** One series as it is drawn on one axis. */
export interface SeriesLayer {
  readonly series: Series;
  /** Its own front on this axis, by rising cost: a line with marks. */
  readonly front: readonly PlacedPlan[];
  /** What its own front or ours beats, for the layer of dominated plans. */
  readonly dominated: readonly PlacedPlan[];
}

/**
 * Parts the plans of each visible series into its front and what is dominated. A front that was searched for one
 * latency is none on another axis, so it is sought anew. Of a fixed scheme only what our front doesn't beat is in front.
 */
export function seriesLayers(
  plans: readonly ChartedPlan[],
  series: readonly Series[],
  hidden: readonly string[],
  axis: Axis,
  stated: FrontMeasure | null,
): SeriesLayer[] {
  const layers = series.map((one) => {
    const own = plans.filter((plan) => plan.series === one.id);
    return { series: one, ...parted(own.flatMap((plan) => placed(plan, axis, stated))) };
  });
  const ours = layers.find(({ series: { role } }) => role === "ours")?.front ?? [];
  return layers
    .filter(({ series: { id } }) => !hidden.includes(id))
    .map((layer) => (layer.series.role === "scheme" ? behind(layer, ours) : layer));
}

function placed(plan: ChartedPlan, axis: Axis, stated: FrontMeasure | null): PlacedPlan[] {
  const place = placeOf(plan, axis, stated);
  return place ? [{ plan, ...place }] : [];
}

function parted(plans: readonly PlacedPlan[]): { front: PlacedPlan[]; dominated: PlacedPlan[] } {
  const points = plans.map((one) => ({ accuracy: one.y, latencyMs: one.x, one }));
  const front = paretoFront(points).map(({ one }) => one);
  const onFront = new Set(front);
  return { front, dominated: plans.filter((one) => !onFront.has(one)) };
}

function behind(layer: SeriesLayer, ours: readonly PlacedPlan[]): SeriesLayer {
  const isBeaten = ({ x, y }: PlacedPlan) =>
    ours.some((our) => our.x <= x && our.y >= y && (our.x < x || our.y > y));
  return {
    ...layer,
    front: layer.front.filter((plan) => !isBeaten(plan)),
    dominated: [...layer.dominated, ...layer.front.filter(isBeaten)].sort((a, b) => a.x - b.x),
  };
}

/** How marks of a front are drawn: how large (px²), and how far apart at least (px); the line carries the rest. */
const frontMarks = {
  ours: { area: 24, distance: 7 },
  frozen: { area: 18, distance: 12 },
  alternative: { area: 42, distance: 16 },
  scheme: { area: 34, distance: 0 },
} as const;

function frontMarkOf({ role }: Series): (typeof frontMarks)[keyof typeof frontMarks] {
  return frontMarks[role === "ours" || role === "frozen" || role === "scheme" ? role : "alternative"];
}

/** Whether any plan goes through other networks than the backbone. */
export function haveChains(layers: readonly SeriesLayer[]): boolean {
  return layers.some(({ front, dominated }) => [...front, ...dominated].some(({ plan }) => plan.chain));
}

/** Of a mark on a front, px². */
export function markAreaOf(series: Series): number {
  return frontMarkOf(series).area;
}

/** The front's plans that get a mark. */
export function markedFront({ series, front }: SeriesLayer, frame: ChartFrame): MarkedPlan[] {
  return marked(front, frame, frontMarkOf(series).distance);
}

/** A plan that gets a mark. */
export interface MarkedPlan {
  readonly plan: PlacedPlan;
  readonly at: Pixel;
}

/** Plans of a line that get a mark: in the plot, and some distance apart. */
export function marked(plans: readonly PlacedPlan[], frame: ChartFrame, distance: number): MarkedPlan[] {
  const kept: MarkedPlan[] = [];
  let last: Pixel = { left: Number.NEGATIVE_INFINITY, top: 0 };
  for (const plan of plans) {
    const at = pixelOf(frame, plan);
    if (!isInPlot(frame, at, 4) || Math.hypot(at.left - last.left, at.top - last.top) < distance) continue;
    kept.push({ plan, at });
    last = at;
  }
  return kept;
}

/** A front as a step line: up to the next plan's cost nothing better is to be had. */
export function frontPath(plans: readonly PlacedPlan[], frame: ChartFrame): string {
  return pathOf(frame).curve(curveStepAfter)(distinct(plans, frame)) ?? "";
}

/** Plans of a scheme in the order of their cost, joined by straight lines: what its threshold runs through. */
export function runPath(plans: readonly PlacedPlan[], frame: ChartFrame): string {
  return pathOf(frame).curve(curveLinear)(plans) ?? "";
}

function pathOf(frame: ChartFrame) {
  return line<Place>()
    .x(({ x }) => frame.x(x))
    .y(({ y }) => frame.y(y))
    .digits(1);
}

/** Points of a line, without those that would fall on the same pixel as the one before. */
function distinct(plans: readonly PlacedPlan[], frame: ChartFrame): PlacedPlan[] {
  const kept: PlacedPlan[] = [];
  let last: Pixel | undefined;
  plans.forEach((plan, index) => {
    const at = pixelOf(frame, plan);
    const isLast = index === plans.length - 1;
    if (last && !isLast && Math.hypot(at.left - last.left, at.top - last.top) < 0.75) return;
    kept.push(plan);
    last = at;
  });
  return kept;
}
