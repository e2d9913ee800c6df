import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTimes,
  symbolTriangle,
  symbolWye,
} from "d3-shape";
import { fixedSchemes } from "../../../shared/schemes/index.ts";
import { searchAlgorithms } from "../../../shared/search/index.ts";
import { type Html, html } from "./html.ts";

/** How a series of points looks: a colour never goes without a shape of its own. */
export interface MarkStyle {
  /** Name of a colour of the style sheet. */
  readonly colour: "blue" | "vermilion" | "orange" | "green" | "grey" | "purple" | "sky" | "ink";
  readonly shape: SymbolType;
  /** Drawn as outline instead of filled. */
  readonly open: boolean;
}

export const ourMark: MarkStyle = { colour: "blue", shape: symbolCircle, open: false };
export const planMark: MarkStyle = { colour: "vermilion", shape: symbolStar, open: false };
export const backboneMark: MarkStyle = { colour: "ink", shape: symbolDiamond, open: false };

/** In the order of the list of algorithms; open, so that a plan that ours has too shows our dot inside. */
const algorithmMarks: readonly MarkStyle[] = [
  { colour: "sky", shape: symbolWye, open: true },
  { colour: "orange", shape: symbolTriangle, open: true },
  { colour: "green", shape: symbolSquare, open: true },
  { colour: "grey", shape: symbolTimes, open: true },
  { colour: "sky", shape: symbolCross, open: true },
];

/** In the order of the list of fixed schemes. */
const schemeMarks: readonly MarkStyle[] = [
  { colour: "purple", shape: symbolDiamond, open: false },
  { colour: "purple", shape: symbolWye, open: false },
  { colour: "purple", shape: symbolCross, open: false },
];

const unknownMark: MarkStyle = { colour: "grey", shape: symbolWye, open: true };

/** The mark of an algorithm that isn't the one whose front is shown as ours. */
export function algorithmMark(id: string): MarkStyle {
  return algorithmMarks[searchAlgorithms.findIndex((algorithm) => algorithm.id === id)] ?? unknownMark;
}

export function schemeMark(id: string): MarkStyle {
  return schemeMarks[fixedSchemes.findIndex((scheme) => scheme.id === id)] ?? unknownMark;
}

/**
 * A mark at a place of a drawing.
 * @param area in square pixels
 * @param tooltip shown by the browser when the pointer rests on it
 */
export function mark(style: MarkStyle, x: number, y: number, area: number, tooltip?: string): Html {
  const path = symbol().type(style.shape).size(area).digits(2)() ?? "";
  const title = tooltip === undefined ? undefined : html`<title>${tooltip}</title>`;
  return html`<path class="mark ${style.open ? "open" : "filled"} ${style.colour}" transform="translate(${x},${y})" d="${path}">${title}</path>`;
}

/** The mark alone, to stand in a line of text. */
export function inlineMark(style: MarkStyle, area = 42): Html {
  return html`<svg class="inline-mark" viewBox="-7 -7 14 14" aria-hidden="true">${mark(style, 0, 0, area)}</svg>`;
}
