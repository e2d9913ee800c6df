import { type Drawing, rectangle, type Shape } from "./drawing.ts";
import { type Html, html, raw, renderHtml } from "./markup.ts";
import type { ColourName } from "./palette.ts";

/** What a colour's name becomes: `var(--ink)` where a style sheet knows it, `#1b1f24` in a file of its own. */
export type Painter = (name: ColourName) => string;

/** For a page whose style sheet has the palette. */
export const byVariable: Painter = (name) => `var(--${name})`;

/** A drawing as an SVG element of a page. */
export function svgOf({ width, height, label, shapes }: Drawing, paint: Painter): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${shapesSvg(shapes, paint)}</svg>`;
}

/** Shapes as they stand inside an SVG element. */
export function shapesSvg(shapes: readonly Shape[], paint: Painter): Html {
  return html`${shapes.map((shape) => elementOf(shape, paint))}`;
}

function elementOf({ tag, attributes, tooltip, content }: Shape, paint: Painter): Html {
  const written = Object.entries(attributes).map(
    ([name, value]) => html` ${raw(attributeName(name))}="${attributeValue(name, value, paint)}"`,
  );
  const title = tooltip === undefined ? undefined : html`<title>${tooltip}</title>`;
  const inner = typeof content === "string" ? content : shapesSvg(content, paint);
  return html`<${raw(tag)}${written}>${title}${inner}</${raw(tag)}>`;
}

/** `strokeWidth` is `stroke-width`; `clipPath`, an attribute here, likewise. */
function attributeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function attributeValue(name: string, value: string | number, paint: Painter): string | number {
  const isPaint = (name === "fill" || name === "stroke") && value !== "none";
  return isPaint ? paint(value as ColourName) : value;
}

/** Width of a chart that is a file of its own, px. */
export const fileWidthPx = 960;

/** A drawing as a file that needs nothing else: it holds its colours and fonts. @param title what viewers call it */
export function svgFile({ width, height, shapes }: Drawing, title: string, paint: Painter): string {
  const ground = rectangle({ left: 0, top: 0, right: width, bottom: height }, { fill: "surface" });
  return renderHtml(html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="11.5"><title>${title}</title>
${shapesSvg([ground, ...shapes], paint)}
</svg>
`);
}
