import { formatPercent } from "../../base/format-number.ts";
import { isBackbone, type PartitionedPlan, type PlanFigures } from "../../model/plan.ts";
import type { ReferenceModel } from "../../model/reference-model.ts";
import type { Pixel } from "../drawing/drawing.ts";
import {
  backboneMark,
  type Mark,
  networkMark,
  pinnedMark,
  planMark,
  planMarkArea,
  referenceMark,
  ringMark,
} from "../drawing/marks.ts";
import type { ColourName } from "../drawing/palette.ts";
import type { BackbonePoint } from "../plans/backbone-point.ts";
import { chainLabel } from "../words/describe-plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import { shorten } from "../words/shorten.ts";
import { type Axis, backbonePlace, isKnown, type Place, planPlace } from "./axes.ts";

const maxNameLength = 24;
const maxChainLength = 32;

/** A point that bears its name on the chart. */
export interface NamedPoint {
  readonly key: string;
  readonly name: string;
  /** What is left of the name where there is no room for all of it. */
  readonly shortName?: string;
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

/** A named point with its place on the drawing. */
export interface PlacedPoint extends NamedPoint {
  readonly at: Pixel;
}

/** A plan that a ring and its figures point out. */
interface Outstanding {
  readonly plan: Pick<PartitionedPlan, "exits" | "chain">;
  readonly figures: PlanFigures;
}

export interface Named {
  readonly backbone: BackbonePoint;
  /** The project's further networks, each by itself. */
  readonly networks?: readonly { readonly sha256: string; readonly figures: PlanFigures }[];
  readonly references: readonly ReferenceModel[];
  readonly pinned: readonly { readonly name: string; readonly figures: PlanFigures }[];
  readonly best: (Outstanding & { readonly feasible: boolean }) | null;
  /** What a search recommends with a guarantee; the best plan then is what it would be without. */
  readonly guaranteed: Outstanding | null;
  /** What the project's networks are called. */
  readonly titles: NetworkTitles;
}

/** Those of which it is known where they stand: the best plan and the guaranteed one, every network by itself, reference models and pinned plans on an axis. */
export function namedPoints(
  { backbone, networks = [], references, pinned, best, guaranteed, titles }: Named,
  axis: Axis,
): NamedPoint[] {
  const compared = new Set(references.map(({ sha256 }) => sha256));
  const plain = guaranteed ? "without guarantee" : best?.feasible ? "best" : "nearest";
  const points: NamedPoint[] = [
    // The backbone alone has a mark of its own.
    ...(guaranteed && !isBackbone(guaranteed.plan)
      ? [outstanding("guaranteed", "guaranteed", guaranteed, axis, titles)]
      : []),
    ...(best ? [outstanding("best", plain, best, axis, titles)] : []),
    { key: "backbone", name: "backbone", place: backbonePlace(backbone, axis), mark: backboneMark, area: 90 },
    // One that is a reference model too stands there as it was measured.
    ...networks
      .filter(({ sha256 }) => !compared.has(sha256))
      .map(({ sha256, figures }) => ({
        key: `network ${sha256}`,
        name: titles.short(sha256),
        place: planPlace(figures, axis),
        mark: networkMark,
        area: 80,
      })),
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
  return points.filter(({ place }) => isKnown(place));
}

/** The plan that it is all about. @param name as the chart calls it: the live plan, the chosen plan */
export function planPoint(name: string, place: Place): NamedPoint {
  return { key: "plan", name, place, mark: planMark, area: planMarkArea, ink: "series-live-ink" };
}

function outstanding(
  key: string,
  what: string,
  { plan, figures }: Outstanding,
  axis: Axis,
  titles: NetworkTitles,
): NamedPoint {
  const through = plan.chain ? `, ${shorten(chainLabel(plan, titles), maxChainLength)}` : "";
  const shortName = `${what}: ${formatPercent(figures.accuracy)}, ${axis.format(axis.of(figures))}`;
  return {
    key,
    name: shortName + through,
    shortName,
    place: planPlace(figures, axis),
    mark: ringMark,
    area: 154,
    strong: true,
  };
}
