import type { ScaleContinuousNumeric } from "d3-scale";
import { type Html, html } from "./html.ts";

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

/** @param label what the drawing shows, for who can't see it */
export function drawing(width: number, height: number, label: string, content: Html): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${content}</svg>`;
}

/** Where the plot stands inside its drawing. */
export interface PlotBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Scale = ScaleContinuousNumeric<number, number>;

interface Axis {
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  readonly title: string;
  /** How far the title stands off the plot, px. */
  readonly titleOffset?: number;
}

/** Ticks with labels below the plot, and the axis title at the right under them. */
export function bottomAxis(
  scale: Scale,
  box: PlotBox,
  { ticks, format, title, titleOffset = 32 }: Axis,
): Html {
  return html`<g class="axis">
    <path class="base" d="M${box.left},${box.bottom}H${box.right}"/>
    ${ticks.map(
      (value) => html`<path class="tick" d="M${scale(value)},${box.bottom}v4"/>
        <text x="${scale(value)}" y="${box.bottom + 16}" text-anchor="middle">${format(value)}</text>`,
    )}
    <text class="axis-title" x="${box.right}" y="${box.bottom + titleOffset}" text-anchor="end">${title}</text>
  </g>`;
}

/** Grid lines with labels left of the plot, and the axis title above it. */
export function leftAxis(scale: Scale, box: PlotBox, { ticks, format, title, titleOffset = 12 }: Axis): Html {
  return html`<g class="axis">
    ${ticks.map(
      (value) => html`<path class="grid" d="M${box.left},${scale(value)}H${box.right}"/>
        <text x="${box.left - 6}" y="${scale(value) + 4}" text-anchor="end">${format(value)}</text>`,
    )}
    <text class="axis-title" x="0" y="${box.top - titleOffset}">${title}</text>
  </g>`;
}

/** The digits after the point that tell these ticks apart. */
export function tickDecimals(ticks: readonly number[]): number {
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 1;
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

/** Formats ticks all with as many digits after the point as their step needs. */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  const decimals = tickDecimals(ticks);
  return (value) => value.toFixed(decimals);
}
