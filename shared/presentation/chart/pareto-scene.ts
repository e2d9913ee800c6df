import { formatPercent } from "../../base/format-number.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { Pixel } from "../drawing/drawing.ts";
import type { BackbonePoint } from "../plans/backbone-point.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import type { Axis, Place } from "./axes.ts";
import { type Domain, dominates, fittedDomain } from "./chart-domain.ts";
import { type ChartFrame, chartFrame, clampedToPlot, isInPlot, pixelOf, type Size } from "./chart-frame.ts";
import { type ChartLabel, chartLabels } from "./chart-labels.ts";
import { type ChartedConstraints, chartedConstraints, keyPlaces } from "./constraint-lines.ts";
import type { NamedPoint, PlacedPoint } from "./named-points.ts";
import type { SeriesLayer } from "./series-layers.ts";

/** What a chart of accuracy against cost shows, whoever draws it and at whatever size. */
export interface ParetoContent {
  readonly axis: Axis;
  readonly log: boolean;
  readonly backbone: BackbonePoint;
  readonly useCase: UseCase;
  readonly layers: readonly SeriesLayer[];
  readonly named: readonly NamedPoint[];
  /** The plan that it is all about; null if it has no figures. */
  readonly plan: Place | null;
  /** What the project's networks are called. */
  readonly titles: NetworkTitles;
}

/** The content laid out. */
export interface ParetoScene extends Pick<ParetoContent, "backbone" | "layers" | "titles"> {
  readonly frame: ChartFrame;
  readonly constraints: ChartedConstraints;
  /** Those in the plot. */
  readonly named: readonly PlacedPoint[];
  readonly labels: readonly ChartLabel[];
}

export function paretoScene(content: ParetoContent, size: Size, domain: Domain): ParetoScene {
  const { axis, log, backbone, useCase, layers, named, plan, titles } = content;
  const frame = chartFrame(size, axis, log, domain);
  const constraints = chartedConstraints(useCase, axis, backbone);
  const points = placedPoints(named, frame, keysThatBeat(plan, named));
  const labels = chartLabels({ lines: constraints.lines, named: points, layers }, frame);
  return { frame, backbone, layers, titles, constraints, named: points, labels };
}

/**
 * Named points in the plot. Of what lies outside, the best or nearest plan and what beats the
 * live plan stand at the edge, with an arrow and their figures.
 * @param beating keys of the points that beat the plan
 */
export function placedPoints(
  named: readonly NamedPoint[],
  frame: ChartFrame,
  beating: readonly string[],
): PlacedPoint[] {
  return named.flatMap((point) => {
    const at = pixelOf(frame, point.place);
    if (isInPlot(frame, at, 2)) return { ...point, at };
    return point.strong || beating.includes(point.key) ? atEdge(point, at, frame) : [];
  });
}

/** Keys of the named points that cost no more than a plan and are no less accurate, and better in one. */
export function keysThatBeat(plan: Place | null, named: readonly NamedPoint[]): string[] {
  if (!plan) return [];
  return named.filter(({ place }) => dominates(place, plan)).map(({ key }) => key);
}

function atEdge(point: NamedPoint, at: Pixel, frame: ChartFrame): PlacedPoint {
  const { name, shortName = name, place, strong } = point;
  const edge = clampedToPlot(frame, at);
  const arrow = arrows[1 + Math.sign(at.top - edge.top)][1 + Math.sign(at.left - edge.left)];
  const figures = strong ? "" : `: ${formatPercent(place.y)}, ${frame.axis.format(place.x)}`;
  return { ...point, name: `${arrow} ${name}${figures}`, shortName: `${arrow} ${shortName}`, at: edge };
}

/** From above to below, from left to right. */
const arrows = [
  ["↖", "↑", "↗"],
  ["←", "", "→"],
  ["↙", "↓", "↘"],
] as const;

/** The range that fits the content. */
export function paretoDomain(content: ParetoContent, fit: "front" | "all"): Domain {
  const { axis, log, backbone, useCase, layers, plan } = content;
  const key = keyPlaces(chartedConstraints(useCase, axis, backbone), backbone, axis);
  const others = layers.flatMap(({ front, dominated }) => [...front, ...dominated]);
  const named = content.named.map(({ place }) => place);
  return fittedDomain({ key, others, plan, named }, log, fit);
}
