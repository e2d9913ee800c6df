import type { UseCase } from "../../model/use-case.ts";
import type { Pixel } from "../drawing/drawing.ts";
import { type LabelPlace, placeLabels } from "../drawing/place-labels.ts";
import type { BackbonePoint } from "../plans/backbone-point.ts";
import type { Axis, Place } from "./axes.ts";
import { type Domain, fittedDomain } from "./chart-domain.ts";
import { type ChartFrame, chartFrame, isInPlot, pixelOf, type Size } from "./chart-frame.ts";
import { type ChartedConstraints, chartedConstraints, keyPlaces } from "./constraint-lines.ts";
import type { NamedPoint } from "./named-points.ts";
import type { SeriesLayer } from "./series-layers.ts";

/** What a chart of accuracy against cost shows, whoever draws it and at whatever size. */
export interface ParetoContent {
  readonly axis: Axis;
  readonly log: boolean;
  readonly backbone: BackbonePoint;
  readonly useCase: UseCase;
  readonly layers: readonly SeriesLayer[];
  readonly named: readonly NamedPoint[];
}

/** A named point with its place on the drawing, and its name's. */
export interface PlacedPoint extends NamedPoint {
  readonly at: Pixel;
  readonly label: LabelPlace;
}

/** The content laid out. */
export interface ParetoScene extends Pick<ParetoContent, "backbone" | "layers"> {
  readonly frame: ChartFrame;
  readonly constraints: ChartedConstraints;
  /** Those in the plot. */
  readonly named: readonly PlacedPoint[];
}

export function paretoScene(content: ParetoContent, size: Size, domain: Domain): ParetoScene {
  const { axis, log, backbone, useCase, layers, named } = content;
  const frame = chartFrame(size, axis, log, domain);
  const constraints = chartedConstraints(useCase, axis, backbone);
  return { frame, backbone, layers, constraints, named: placedPoints(named, frame) };
}

/** Named points in the plot, with places for their names. */
export function placedPoints(named: readonly NamedPoint[], frame: ChartFrame): PlacedPoint[] {
  const shown = named
    .map((point) => ({ ...point, at: pixelOf(frame, point.place) }))
    .filter(({ at }) => isInPlot(frame, at, 2));
  return placeLabels(shown, frame.box);
}

/** The range that fits the content. @param plan the one that it is all about; null if it has no figures */
export function paretoDomain(content: ParetoContent, plan: Place | null, fit: "front" | "all"): Domain {
  const { axis, log, backbone, useCase, layers } = content;
  const key = keyPlaces(chartedConstraints(useCase, axis, backbone), backbone, axis);
  const others = layers.flatMap(({ front, dominated }) => [...front, ...dominated]);
  return fittedDomain({ key, others, plan }, log, fit);
}
