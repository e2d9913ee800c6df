import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolSquare2,
  symbolStar,
  symbolTimes,
  symbolTriangle,
  symbolWye,
} from "d3-shape";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { fixedSchemes } from "../../../shared/schemes/index.ts";
import { searchAlgorithms } from "../../../shared/search/index.ts";

/** How a series of points looks: a colour never goes without a shape of its own. The report's marks are the same. */
export interface Mark {
  /** Name of a colour in tokens.css, without its dashes. */
  readonly colour: string;
  readonly shape: SymbolType;
  /** Drawn as outline instead of filled. */
  readonly open: boolean;
}

export type SeriesRole = "ours" | "alternative" | "scheme" | "evaluated" | "reference" | "pinned";

/** What the legend lists and switches. */
export interface Series {
  readonly id: string;
  readonly title: string;
  readonly role: SeriesRole;
  readonly mark: Mark;
}

export const ourMark: Mark = { colour: "series-ours", shape: symbolCircle, open: false };
export const backboneMark: Mark = { colour: "series-backbone", shape: symbolDiamond, open: false };

/** In the order of the list of algorithms; open, so that a plan that ours has too shows our dot inside. */
const algorithmMarks: readonly Mark[] = [
  { colour: "series-reference", shape: symbolWye, open: true },
  { colour: "series-nsga2", shape: symbolTriangle, open: true },
  { colour: "series-annealing", shape: symbolSquare, open: true },
  { colour: "series-random", shape: symbolTimes, open: true },
  { colour: "series-fifth", shape: symbolDiamond, open: true },
];

/** In the order of the list of fixed schemes. */
const schemeMarks: readonly Mark[] = [
  { colour: "series-schemes", shape: symbolDiamond, open: false },
  { colour: "series-schemes", shape: symbolWye, open: false },
  { colour: "series-schemes", shape: symbolCross, open: false },
];

const unknownMark: Mark = { colour: "series-random", shape: symbolWye, open: true };

export const evaluatedSeries: Series = {
  id: "evaluated",
  title: "Evaluated",
  role: "evaluated",
  mark: { colour: "ink-faint", shape: symbolSquare, open: false },
};

export const referenceSeries: Series = {
  id: "references",
  title: "Reference models",
  role: "reference",
  mark: { colour: "series-reference", shape: symbolStar, open: false },
};

export const pinnedSeries: Series = {
  id: "pinned",
  title: "Pinned",
  role: "pinned",
  mark: { colour: "ink", shape: symbolSquare2, open: true },
};

export function algorithmTitle(id: string): string {
  return searchAlgorithms.find((algorithm) => algorithm.id === id)?.title ?? id;
}

export function schemeTitle(id: string): string {
  return fixedSchemes.find((scheme) => scheme.id === id)?.title ?? id;
}

/** The mark of an algorithm that isn't the one whose front is shown as ours. */
export function algorithmMark(id: string): Mark {
  return algorithmMarks[searchAlgorithms.findIndex((algorithm) => algorithm.id === id)] ?? unknownMark;
}

/** @param ours whether it is the algorithm that the person chose */
export function algorithmSeries(id: string, ours: boolean): Series {
  return {
    id: `search:${id}`,
    title: algorithmTitle(id),
    role: ours ? "ours" : "alternative",
    mark: ours ? ourMark : algorithmMark(id),
  };
}

export function schemeSeries(id: string): Series {
  return {
    id: `scheme:${id}`,
    title: schemeTitle(id),
    role: "scheme",
    mark: schemeMarks[fixedSchemes.findIndex((scheme) => scheme.id === id)] ?? unknownMark,
  };
}

/**
 * Every series that has plans, ours first.
 * @param algorithms in the order that they ran; the first is the one that the person chose
 */
export function planSeries(algorithms: readonly string[], front: FrontFile | null): Series[] {
  const schemes = front?.schemes.filter(({ plans }) => plans.length > 0) ?? [];
  return [
    ...algorithms.map((id, index) => algorithmSeries(id, index === 0)),
    ...schemes.map(({ scheme }) => schemeSeries(scheme)),
  ];
}

/** What a series is called where there is little room. */
export function seriesName({ role, title }: Series): string {
  return role === "ours" ? "Our front" : title;
}

/** The outline of a mark around (0, 0). @param area in square pixels */
export function markPath({ shape }: Mark, area: number): string {
  return symbol().type(shape).size(area).digits(2)() ?? "";
}
