import type { FrontFile } from "../../files/front-file.ts";
import type { PastSearch } from "../../files/past-search.ts";
import type { PartitionedPlan } from "../../model/plan.ts";
import {
  algorithmMark,
  evaluatedMark,
  frozenMark,
  type Mark,
  networkMark,
  otherMarks,
  ourMark,
  pastMarks,
  pinnedMark,
  referenceMark,
  ringed,
  schemeMark,
} from "../drawing/marks.ts";
import { algorithmTitle, schemeTitle } from "../words/titles.ts";

export type SeriesRole =
  | "ours"
  | "frozen"
  | "past"
  | "other"
  | "alternative"
  | "scheme"
  | "evaluated"
  | "network"
  | "reference"
  | "pinned";

/** What the legend lists and switches. */
export interface Series {
  readonly id: string;
  readonly title: string;
  readonly role: SeriesRole;
  readonly mark: Mark;
}

/** Our front as it is without the networks that were tuned. */
export const frozenSeries: Series = {
  id: "frozen",
  title: "Frozen",
  role: "frozen",
  mark: frozenMark,
};
export const evaluatedSeries: Series = {
  id: "evaluated",
  title: "Evaluated",
  role: "evaluated",
  mark: evaluatedMark,
};
export const referenceSeries: Series = {
  id: "references",
  title: "Reference models",
  role: "reference",
  mark: referenceMark,
};
/** Further networks of the project, each by itself. */
export const networkSeries: Series = {
  id: "networks",
  title: "Networks alone",
  role: "network",
  mark: networkMark,
};
export const pinnedSeries: Series = { id: "pinned", title: "Pinned", role: "pinned", mark: pinnedMark };

/** @param ours whether it is the algorithm that the person chose */
export function algorithmSeries(id: string, ours: boolean): Series {
  return {
    id: `search:${id}`,
    title: algorithmTitle(id),
    role: ours ? "ours" : "alternative",
    mark: ours ? ourMark : algorithmMark(id),
  };
}

/** The front of an earlier search. @param slot its place among those that are shown */
export function pastSeries({ number }: Pick<PastSearch, "number">, slot: number): Series {
  return {
    id: `past:${number}`,
    title: `Search ${number}`,
    role: "past",
    mark: pastMarks[slot % pastMarks.length],
  };
}

/** The front of another project. @param name with its date @param slot its place among those that are shown */
export function otherSeries(name: string, slot: number): Series {
  return { id: `other:${slot}`, title: name, role: "other", mark: otherMarks[slot % otherMarks.length] };
}

export function schemeSeries(id: string): Series {
  return { id: `scheme:${id}`, title: schemeTitle(id), role: "scheme", mark: schemeMark(id) };
}

/**
 * Every series that has plans, ours first.
 * @param algorithms in the order that they ran; the first is the one that the person chose
 */
export function planSeries(algorithms: readonly string[], front: FrontFile | null): Series[] {
  const schemes = front?.schemes.filter(({ plans }) => plans.length > 0) ?? [];
  const [ours, ...others] = algorithms.map((id, index) => algorithmSeries(id, index === 0));
  return [
    ...(ours ? [ours] : []),
    ...(front?.frozen ? [frozenSeries] : []),
    ...others,
    ...schemes.map(({ scheme }) => schemeSeries(scheme)),
  ];
}

/** A plan's mark: with a ring where it goes through other networks than the backbone. */
export function markOfPlan({ mark }: Series, { chain }: Pick<PartitionedPlan, "chain">): Mark {
  return chain ? ringed(mark) : mark;
}

/** What a ring about a mark of any series means. */
export const ringMeaning = { title: "through other networks", mark: ringed(ourMark) } as const;

/** What a series is called where there is little room. */
export function seriesName({ role, title }: Pick<Series, "role" | "title">): string {
  return role === "ours" ? "Our front" : title;
}
