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
import { fixedSchemes } from "../../schemes/index.ts";
import { searchAlgorithms } from "../../search/index.ts";
import type { ColourName } from "./palette.ts";

/** How a series of points looks, on every chart and in every legend: a colour never goes without a shape of its own. */
export interface Mark {
  readonly colour: ColourName;
  readonly shape: SymbolType;
  /** Drawn as outline instead of filled. */
  readonly open: boolean;
  /** Of the outline, px; the usual one if absent. */
  readonly strokeWidth?: number;
  /** With a ring around it. */
  readonly ringed?: boolean;
}

/** The front of the algorithm that the person chose, whichever it is. */
export const ourMark: Mark = { colour: "series-ours", shape: symbolCircle, open: false };
/** The same without the networks that were tuned. */
export const frozenMark: Mark = { colour: "series-ours", shape: symbolCircle, open: true, strokeWidth: 1 };
export const backboneMark: Mark = { colour: "series-backbone", shape: symbolDiamond, open: false };
/** The plan that it is all about: live in the window, chosen in a report. */
export const planMark: Mark = {
  colour: "series-live",
  shape: symbolCircle,
  open: true,
  strokeWidth: 2.25,
};
/** Its area wherever it stands on a chart, px². */
export const planMarkArea = 113;
export const referenceMark: Mark = { colour: "series-reference", shape: symbolStar, open: false };
/** A network of the project by itself. */
export const networkMark: Mark = { colour: "series-reference", shape: symbolStar, open: true };
export const pinnedMark: Mark = { colour: "ink", shape: symbolSquare2, open: true };
export const evaluatedMark: Mark = { colour: "ink-faint", shape: symbolSquare, open: false };
/** Fronts of earlier searches, as many as are shown at a time. */
export const pastMarks: readonly Mark[] = [
  { colour: "ink-soft", shape: symbolTriangle, open: true },
  { colour: "ink-soft", shape: symbolSquare, open: true },
  { colour: "ink-soft", shape: symbolDiamond, open: true },
];
/** Fronts of other projects, likewise. */
export const otherMarks: readonly Mark[] = [
  { colour: "ink-faint", shape: symbolCircle, open: true },
  { colour: "ink-faint", shape: symbolWye, open: true },
  { colour: "ink-faint", shape: symbolTriangle, open: false },
];
/** About the mark of a plan that the use case calls for. */
export const ringMark: Mark = { colour: "ink", shape: symbolCircle, open: true, strokeWidth: 1.5 };

/**
 * In the order of the list of algorithms, so a new algorithm takes the first one that is free, and a line here once none
 * is left. Open, so that a plan that ours has too shows our dot inside.
 */
const algorithmMarks: readonly Mark[] = [
  { colour: "series-reference", shape: symbolWye, open: true },
  { colour: "series-nsga2", shape: symbolTriangle, open: true },
  { colour: "series-annealing", shape: symbolSquare, open: true },
  { colour: "series-random", shape: symbolTimes, open: true },
  { colour: "series-fifth", shape: symbolDiamond, open: true },
];

/** In the order of the list of fixed schemes, likewise. */
const schemeMarks: readonly Mark[] = [
  { colour: "series-schemes", shape: symbolDiamond, open: false },
  { colour: "series-schemes", shape: symbolWye, open: false },
  { colour: "series-schemes", shape: symbolCross, open: false },
];

/** Of what another version's file names. */
const unknownMark: Mark = { colour: "series-random", shape: symbolWye, open: true };

/** The mark of an algorithm that isn't the one whose front is shown as ours. */
export function algorithmMark(id: string): Mark {
  return algorithmMarks[searchAlgorithms.findIndex((algorithm) => algorithm.id === id)] ?? unknownMark;
}

export function schemeMark(id: string): Mark {
  return schemeMarks[fixedSchemes.findIndex((scheme) => scheme.id === id)] ?? unknownMark;
}

/** The mark of a plan that goes through other networks than the backbone: colour and shape stay its series'. */
export function ringed(mark: Mark): Mark {
  return { ...mark, ringed: true };
}

/** Outlines by shape, and by area and ring: a chart draws hundreds that are the same, again at each step of a search. */
const outlines = new Map<SymbolType, Map<string, string>>();

/** The outline of a mark around (0, 0). @param area in square pixels, of its shape */
export function markPath({ shape, ringed: hasRing = false, open }: Mark, area: number): string {
  const known = outlines.get(shape) ?? new Map<string, string>();
  const key = `${area} ${hasRing} ${open}`;
  const outline = known.get(key) ?? shapePath(shape, area) + (hasRing ? ringPath(area, open) : "");
  outlines.set(shape, known.set(key, outline));
  return outline;
}

function shapePath(shape: SymbolType, area: number): string {
  return symbol().type(shape).size(area).digits(2)() ?? "";
}

/** Between a mark and the middle of its ring, and the width of a ring that is filled, px. */
const ringGap = 2.4;
const ringWidth = 1.2;

/** A circle as it is stroked, or the area between two that run opposite ways, which leaves out what is inside. */
function ringPath(area: number, open: boolean): string {
  const radius = Math.sqrt(area / Math.PI) + ringGap;
  if (open) return circlePath(radius, 1);
  return circlePath(radius + ringWidth / 2, 1) + circlePath(radius - ringWidth / 2, 0);
}

function circlePath(radius: number, sweep: 0 | 1): string {
  const r = Number(radius.toFixed(2));
  return `M${-r},0a${r},${r},0,1,${sweep},${2 * r},0a${r},${r},0,1,${sweep},${-2 * r},0Z`;
}
