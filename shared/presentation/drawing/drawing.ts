import { type Mark, markPath } from "./marks.ts";
import type { ColourName } from "./palette.ts";

/** Colour of an area or a line; the palette's name, so that window, report and exported file paint it each their own way. */
type Paint = ColourName | "none";

/** One element of a drawing, as plain data: the window makes React elements of it, report and exported file text. */
export interface Shape {
  readonly tag: "path" | "text" | "g" | "clipPath";
  /** Named as React has them; `fill` and `stroke` are paints. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Shown when the pointer rests on it. */
  readonly tooltip?: string;
  readonly content: string | readonly Shape[];
}

/** A drawing that is whole in itself. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** What it shows, for who can't see it. */
  readonly label: string;
  readonly shapes: readonly Shape[];
}

/** Where the plot stands inside its drawing, px. */
export interface PlotBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Pixel {
  readonly left: number;
  readonly top: number;
}

interface PathStyle {
  readonly fill?: Paint;
  readonly fillOpacity?: number;
  readonly stroke?: Paint;
  readonly strokeOpacity?: number;
  readonly strokeWidth?: number;
  readonly strokeDasharray?: string;
}

/** @param d the path; a line has no area unless `fill` says so */
export function path(d: string, style: PathStyle, tooltip?: string): Shape {
  return { tag: "path", attributes: { fill: "none", ...style, d }, tooltip, content: [] };
}

export function rectangle({ left, right, top, bottom }: PlotBox, style: PathStyle): Shape {
  return path(`M${px(left)},${px(top)}H${px(right)}V${px(bottom)}H${px(left)}Z`, style);
}

export function dot({ left, top }: Pixel, radius: number, fill: Paint): Shape {
  const r = px(radius);
  return path(`M${px(left - r)},${px(top)}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0z`, {
    fill,
  });
}

interface TextStyle {
  readonly fill?: Paint;
  readonly anchor?: "start" | "middle" | "end";
  readonly strong?: boolean;
  /** Keeps it readable where it stands over lines. */
  readonly halo?: boolean;
}

export function text(at: Pixel, content: string, style: TextStyle = {}): Shape {
  const { fill = "ink-soft", anchor = "start", strong = false, halo = false } = style;
  const around = { stroke: "surface", strokeWidth: 3, strokeLinejoin: "round", paintOrder: "stroke" };
  return {
    tag: "text",
    attributes: {
      x: px(at.left),
      y: px(at.top),
      fill,
      textAnchor: anchor,
      ...(strong && { fontWeight: 600 }),
      ...(halo && around),
    },
    content,
  };
}

/** @param area in square pixels */
export function mark(drawn: Mark, area: number, { left, top }: Pixel, tooltip?: string): Shape {
  const { colour, open, strokeWidth = 1.4 } = drawn;
  const paint = open
    ? { fill: "none", stroke: colour, strokeWidth }
    : { fill: colour, stroke: "surface", strokeWidth: 0.6 };
  const attributes = { ...paint, d: markPath(drawn, area), transform: `translate(${px(left)},${px(top)})` };
  return { tag: "path", attributes, tooltip, content: [] };
}

export function group(shapes: readonly Shape[], tooltip?: string): Shape {
  return { tag: "g", attributes: {}, tooltip, content: shapes };
}

/** Shapes of which only what lies inside the box is seen. Boxes that are the same share their name and their outline. */
export function clipped(box: PlotBox, shapes: readonly Shape[]): Shape {
  const id = clipName(box);
  const outline: Shape = { tag: "clipPath", attributes: { id }, content: [rectangle(box, { fill: "ink" })] };
  return group([outline, { tag: "g", attributes: { clipPath: `url(#${id})` }, content: shapes }]);
}

/** The id of the outline that `clipped` makes for a box. */
export function clipName({ left, right, top, bottom }: PlotBox): string {
  return `plot-${[left, top, right, bottom].map(Math.round).join("-")}`;
}

/** A coordinate to a tenth of a pixel, which no screen tells apart. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}
