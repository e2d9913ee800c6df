import { type Drawing, mark, type Shape } from "../../../shared/presentation/drawing/drawing.ts";
import type { Mark } from "../../../shared/presentation/drawing/marks.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { byVariable, shapesSvg, svgOf } from "../../../shared/presentation/drawing/svg.ts";

/** Widths that full-width charts are drawn at; the style sheet shows the one that fits. */
const fullWidths = [
  { kind: "wide", width: 960 },
  { kind: "medium", width: 640 },
  { kind: "narrow", width: 340 },
] as const;

/** The same for charts that share their row with text. */
const columnWidths = [
  { kind: "roomy", width: 640 },
  { kind: "narrow", width: 340 },
] as const;

/** A chart that spans the page, drawn once per screen size so that its type keeps its size. */
export function fullWidth(draw: (width: number) => Html): Html {
  return html`${fullWidths.map(({ kind, width }) => html`<div class="chart ${kind}">${draw(width)}</div>`)}`;
}

/** A chart beside text, drawn once per screen size so that its type keeps its size. */
export function columnWidth(draw: (width: number) => Html): Html {
  return html`${columnWidths.map(({ kind, width }) => html`<div class="chart ${kind}">${draw(width)}</div>`)}`;
}

/** A drawing of shared/presentation in the page's colours. */
export function drawn(drawing: Drawing): Html {
  return svgOf(drawing, byVariable);
}

/** A drawing whose content is the report's own markup. @param label what it shows, for who can't see it */
export function drawing(width: number, height: number, label: string, content: Html): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${content}</svg>`;
}

/** Shapes of shared/presentation among the report's own markup. */
export function drawnShapes(...shapes: readonly Shape[]): Html {
  return shapesSvg(shapes, byVariable);
}

/** A mark in a line of text. */
export function inlineMark(own: Mark): Html {
  return html`<svg class="inline-mark" viewBox="-7 -7 14 14" aria-hidden="true">${drawnShapes(mark(own, 42, { left: 0, top: 0 }))}</svg>`;
}
