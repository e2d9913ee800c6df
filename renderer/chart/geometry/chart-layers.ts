import { paretoFront } from "../../../shared/pareto/pareto-front.ts";
import type { ChartedPlan, StatedLatency } from "../../state/charted-plans.ts";
import { type Axis, type Place, placeOf } from "./axes.ts";
import { type ChartFrame, isInPlot, type Pixel, pixelOf } from "./chart-frame.ts";
import type { Series } from "./series.ts";

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
 * latency is none on another axis, so it is sought anew. Of a fixed scheme only what our front doesn't beat stands in front.
 */
export function seriesLayers(
  plans: readonly ChartedPlan[],
  series: readonly Series[],
  hidden: readonly string[],
  axis: Axis,
  stated: StatedLatency | null,
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

function placed(plan: ChartedPlan, axis: Axis, stated: StatedLatency | null): PlacedPlan[] {
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

/** How far marks of a series stand apart at least, px; the line carries the rest. */
export const markDistance = { ours: 7, alternative: 16, scheme: 0 } as const;

/** Plans that get a mark: in the plot, and some distance apart. */
export function marked(
  plans: readonly PlacedPlan[],
  frame: ChartFrame,
  distance: number,
): { readonly plan: PlacedPlan; readonly at: Pixel }[] {
  const kept: { plan: PlacedPlan; at: Pixel }[] = [];
  let last: Pixel = { left: Number.NEGATIVE_INFINITY, top: 0 };
  for (const plan of plans) {
    const at = pixelOf(frame, plan);
    if (!isInPlot(frame, at, 4) || Math.hypot(at.left - last.left, at.top - last.top) < distance) continue;
    kept.push({ plan, at });
    last = at;
  }
  return kept;
}

/** Points of a line, without those that would fall on the same pixel as the one before. */
export function linePoints(plans: readonly PlacedPlan[], frame: ChartFrame): PlacedPlan[] {
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

/** The plan nearest to a pixel within a radius; of equally near ones the first, which is ours. */
export function nearestPlan(
  plans: readonly PlacedPlan[],
  frame: ChartFrame,
  { left, top }: Pixel,
  radius: number,
): PlacedPlan | null {
  let nearest: PlacedPlan | null = null;
  let least = radius * radius;
  for (const plan of plans) {
    const dx = frame.x(plan.x) - left;
    const dy = frame.y(plan.y) - top;
    const distance = dx * dx + dy * dy;
    if (distance > least || (nearest && distance === least)) continue;
    nearest = plan;
    least = distance;
  }
  return nearest;
}
