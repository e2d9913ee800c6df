import { formatPercent } from "../../../shared/base/format-number.ts";
import type { PlanFigures } from "../../../shared/model/plan.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import type { BackbonePoint } from "../../plans/plan-columns.ts";
import type { Axis, Place } from "./axes.ts";
import { backboneMark, type Mark, pinnedSeries, referenceSeries } from "./series.ts";

/** A point that bears its name on the chart. */
export interface NamedPoint {
  readonly key: string;
  readonly name: string;
  readonly place: Place;
  /** None for the best and the guaranteed plan, which get a ring about its own mark. */
  readonly mark: Mark | null;
  /** Of the mark, square pixels. */
  readonly area: number;
}

export interface Named {
  readonly backbone: BackbonePoint;
  readonly references: readonly ReferenceModel[];
  readonly pinned: readonly { readonly name: string; readonly figures: PlanFigures }[];
  readonly best: { readonly figures: PlanFigures; readonly feasible: boolean } | null;
  /** What a search recommends with a guarantee; the best plan then is what it would be without. */
  readonly guaranteed: { readonly figures: PlanFigures } | null;
}

/** The best plan and the guaranteed one, backbone, reference models and pinned plans on an axis. */
export function namedPoints(
  { backbone, references, pinned, best, guaranteed }: Named,
  axis: Axis,
): NamedPoint[] {
  const plain = guaranteed ? "without guarantee" : best?.feasible ? "best" : "nearest";
  return [
    ...(guaranteed ? [ringed("guaranteed", "guaranteed", guaranteed.figures, axis)] : []),
    ...(best ? [ringed("best", plain, best.figures, axis)] : []),
    { key: "backbone", name: "backbone", place: backbonePlace(backbone, axis), mark: backboneMark, area: 90 },
    ...references.map((reference) => ({
      key: `reference ${reference.sha256}`,
      name: shortened(reference.name),
      place: referencePlace(reference, axis),
      mark: referenceSeries.mark,
      area: 80,
    })),
    ...pinned.map(({ name, figures }, index) => ({
      key: `pinned ${index}`,
      name: shortened(name),
      place: planPlace(figures, axis),
      mark: pinnedSeries.mark,
      area: 64,
    })),
  ];
}

export function planPlace(figures: PlanFigures, axis: Axis): Place {
  return { x: axis.of(figures), y: figures.accuracy };
}

/** Where the backbone stands; its latency is the same under every measure. */
export function backbonePlace({ accuracy, latencyMs, macs, bytes }: BackbonePoint, axis: Axis): Place {
  return { x: axis.latency ? latencyMs : axis.id === "macs" ? macs : bytes, y: accuracy };
}

function referencePlace({ accuracy, latencyMs, macs, bytes }: ReferenceModel, axis: Axis): Place {
  return { x: axis.latency ? latencyMs[axis.latency] : axis.id === "macs" ? macs : bytes, y: accuracy };
}

function ringed(key: string, what: string, figures: PlanFigures, axis: Axis): NamedPoint {
  const name = `${what}: ${formatPercent(figures.accuracy)}, ${axis.format(axis.of(figures))}`;
  return { key, name, place: planPlace(figures, axis), mark: null, area: 0 };
}

function shortened(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}
