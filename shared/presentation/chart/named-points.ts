import { formatPercent } from "../../base/format-number.ts";
import type { PartitionedPlan, PlanFigures } from "../../model/plan.ts";
import type { ReferenceModel } from "../../model/reference-model.ts";
import {
  backboneMark,
  type Mark,
  pinnedMark,
  planMark,
  planMarkArea,
  referenceMark,
  ringMark,
} from "../drawing/marks.ts";
import type { ColourName } from "../drawing/palette.ts";
import type { BackbonePoint } from "../plans/backbone-point.ts";
import { shorten } from "../words/shorten.ts";
import { type Axis, backbonePlace, type Place, planPlace } from "./axes.ts";

const maxNameLength = 24;

/** A point that bears its name on the chart. */
export interface NamedPoint {
  readonly key: string;
  readonly name: string;
  readonly place: Place;
  /** Of the best and the guaranteed plan a ring about its own. */
  readonly mark: Mark;
  /** Of the mark, square pixels. */
  readonly area: number;
  /** Of the name; the usual one if absent. */
  readonly ink?: ColourName;
  /** A name that comes first to the eye, with figures in it; its point is never out of sight. */
  readonly strong?: boolean;
}

export interface Named {
  readonly backbone: BackbonePoint;
  readonly references: readonly ReferenceModel[];
  readonly pinned: readonly { readonly name: string; readonly figures: PlanFigures }[];
  readonly best: { readonly figures: PlanFigures; readonly feasible: boolean } | null;
  /** What a search recommends with a guarantee; the best plan then is what it would be without. */
  readonly guaranteed: {
    readonly plan: Pick<PartitionedPlan, "exits">;
    readonly figures: PlanFigures;
  } | null;
}

/** The best plan and the guaranteed one, backbone, reference models and pinned plans on an axis. */
export function namedPoints(
  { backbone, references, pinned, best, guaranteed }: Named,
  axis: Axis,
): NamedPoint[] {
  const plain = guaranteed ? "without guarantee" : best?.feasible ? "best" : "nearest";
  return [
    // The backbone alone has a mark of its own.
    ...(guaranteed && guaranteed.plan.exits.length > 0
      ? [ringed("guaranteed", "guaranteed", guaranteed.figures, axis)]
      : []),
    ...(best ? [ringed("best", plain, best.figures, axis)] : []),
    { key: "backbone", name: "backbone", place: backbonePlace(backbone, axis), mark: backboneMark, area: 90 },
    ...references.map((reference) => ({
      key: `reference ${reference.sha256}`,
      name: shorten(reference.name, maxNameLength),
      place: planPlace(reference, axis),
      mark: referenceMark,
      area: 80,
    })),
    ...pinned.map(({ name, figures }, index) => ({
      key: `pinned ${index}`,
      name: shorten(name, maxNameLength),
      place: planPlace(figures, axis),
      mark: pinnedMark,
      area: 64,
    })),
  ];
}

/** The plan that it is all about. @param name as the chart calls it: the live plan, the chosen plan */
export function planPoint(name: string, place: Place): NamedPoint {
  return { key: "plan", name, place, mark: planMark, area: planMarkArea, ink: "series-live-ink" };
}

function ringed(key: string, what: string, figures: PlanFigures, axis: Axis): NamedPoint {
  const name = `${what}: ${formatPercent(figures.accuracy)}, ${axis.format(axis.of(figures))}`;
  return { key, name, place: planPlace(figures, axis), mark: ringMark, area: 154, strong: true };
}
