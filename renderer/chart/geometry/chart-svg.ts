import { curveLinear, curveStepAfter, line } from "d3-shape";
import { type Place, speedUpTicks } from "./axes.ts";
import { type ChartFrame, isInPlot, pixelOf } from "./chart-frame.ts";
import { markDistance, marked, type SeriesLayer } from "./chart-layers.ts";
import type { ConstraintLine } from "./constraints.ts";
import type { NamedPoint } from "./named-points.ts";
import { type Mark, markPath, seriesName } from "./series.ts";
import { spreadLabels } from "./spread-labels.ts";

/** All that an exported chart shows. */
export interface ChartDrawing {
  readonly frame: ChartFrame;
  readonly title: string;
  readonly layers: readonly SeriesLayer[];
  readonly constraints: readonly ConstraintLine[];
  readonly named: readonly NamedPoint[];
  /** Null if the live plan has no figures. */
  readonly live: Place | null;
  /** For the scale of speed-ups, ms. */
  readonly backboneMs: number;
  /** What a token stands for: `series-ours` as `#0072b2`. */
  colour(token: string): string;
}

const font = 'font-family="system-ui, sans-serif" font-size="11.5"';
const legendRow = 18;

/** The chart as an SVG file that needs nothing else: colours and fonts stand in it. */
export function chartSvg(drawing: ChartDrawing): string {
  const { frame, layers, colour, title } = drawing;
  const legendItems = layers.map(({ series }) => series);
  const columns = Math.max(1, Math.floor(frame.width / 170));
  const height = frame.height + Math.ceil(legendItems.length / columns) * legendRow + 8;
  const legend = legendItems.map((series, index) => {
    const left = 12 + (index % columns) * 170;
    const top = frame.height + 8 + Math.floor(index / columns) * legendRow;
    return `${markAt(series.mark, 38, left, top, colour)}${text(left + 10, top + 4, seriesName(series), colour("ink"))}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${frame.width}" height="${height}" viewBox="0 0 ${frame.width} ${height}" role="img" ${font}>`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="${colour("surface")}"/>`,
    plotClip(frame),
    ...axesOf(drawing),
    `<g clip-path="url(#plot)">`,
    ...drawing.constraints.map((constraint) => constraintLine(constraint, drawing)),
    ...[...layers].reverse().map((layer) => seriesOf(layer, drawing)),
    "</g>",
    ...drawing.constraints.map((constraint) => constraintLabel(constraint, drawing)),
    ...namedOf(drawing),
    liveOf(drawing),
    ...legend,
    "</svg>",
  ].join("\n");
}

function plotClip({ box }: ChartFrame): string {
  return `<clipPath id="plot"><rect x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}"/></clipPath>`;
}

function axesOf({ frame, colour, backboneMs }: ChartDrawing): string[] {
  const { box, x, y, axis, xTicks, yTicks } = frame;
  const soft = colour("ink-soft");
  const rows = yTicks.map(
    ({ value, label }) =>
      `<path d="M${box.left},${px(y(value))}H${box.right}" stroke="${colour("border")}"/>${text(box.left - 6, y(value) + 4, label, soft, "end")}`,
  );
  const columns = xTicks.map(
    ({ value, label }) =>
      `<path d="M${px(x(value))},${box.bottom}v4" stroke="${colour("border-strong")}"/>${text(x(value), box.bottom + 16, label, soft, "middle")}`,
  );
  const speedUps = axis.latency
    ? [
        text(box.right, 12, "speed-up over the backbone", soft, "end"),
        ...speedUpTicks(x, backboneMs).map(
          ({ factor, at }) =>
            `<path d="M${px(at)},${box.top}v-4" stroke="${colour("border-strong")}"/>${text(at, box.top - 7, `${factor}x`, soft, "middle")}`,
        ),
      ]
    : [];
  return [
    ...rows,
    `<path d="M${box.left},${box.bottom}H${box.right}" stroke="${colour("border-strong")}"/>`,
    ...columns,
    ...speedUps,
    text(4, 12, "accuracy, %", soft),
    text(box.right, box.bottom + 30, axis.label, soft, "end"),
  ];
}

function constraintLine({ direction, at }: ConstraintLine, { frame, colour }: ChartDrawing): string {
  const { box, x, y } = frame;
  const [area, path] =
    direction === "horizontal"
      ? [
          `M${box.left},${px(y(at))}H${box.right}V${box.bottom + 9999}H${box.left}Z`,
          `M${box.left},${px(y(at))}H${box.right}`,
        ]
      : [
          `M${px(x(at))},${box.top}H${box.right + 9999}V${box.bottom}H${px(x(at))}Z`,
          `M${px(x(at))},${box.top}V${box.bottom}`,
        ];
  return `<path d="${area}" fill="${colour("ink")}" fill-opacity="0.05"/><path d="${path}" fill="none" stroke="${colour("ink-soft")}" stroke-dasharray="5 3"/>`;
}

function constraintLabel({ direction, at, label }: ConstraintLine, { frame, colour }: ChartDrawing): string {
  const { box, x, y } = frame;
  const place =
    direction === "horizontal"
      ? { left: box.right - 4, top: y(at) + 13 }
      : { left: x(at) - 6, top: box.bottom - 8 };
  return isInPlot(frame, place, 12) ? text(place.left, place.top, label, colour("ink-soft"), "end") : "";
}

function seriesOf({ series, front, dominated }: SeriesLayer, { frame, colour }: ChartDrawing): string {
  const { mark, role } = series;
  const stroke = colour(mark.colour);
  const path = line<Place>()
    .x((place) => frame.x(place.x))
    .y((place) => frame.y(place.y))
    .digits(1);
  const isScheme = role === "scheme";
  const isOurs = role === "ours";
  const lines = [
    isScheme
      ? `<path d="${path.curve(curveLinear)(dominated) ?? ""}" fill="none" stroke="${stroke}" stroke-opacity="0.45"/>`
      : "",
    `<path d="${path.curve(curveStepAfter)(front) ?? ""}" fill="none" stroke="${stroke}" stroke-width="${isOurs ? 1.75 : 1}"/>`,
  ];
  const behind = isScheme
    ? marked(dominated, frame, 0).map(({ at }) => markAt(mark, 34, at.left, at.top, colour))
    : [];
  const distance = isOurs ? markDistance.ours : markDistance.alternative;
  const marks = marked(front, frame, isScheme ? 0 : distance).map(({ at }) =>
    markAt(mark, isOurs ? 24 : 40, at.left, at.top, colour),
  );
  return [...lines, ...behind, ...marks].join("");
}

function namedOf({ frame, named, colour }: ChartDrawing): string[] {
  const shown = named
    .map((point) => ({ ...point, at: pixelOf(frame, point.place) }))
    .filter(({ at }) => isInPlot(frame, at, 2));
  return spreadLabels(shown, frame.box).map(({ name, at, mark, area, label }) => {
    const drawn = mark
      ? markAt(mark, area, at.left, at.top, colour)
      : `<circle cx="${px(at.left)}" cy="${px(at.top)}" r="7" fill="none" stroke="${colour("ink")}" stroke-width="1.5"/>`;
    return `${drawn}${text(label.left, label.top, name, colour("ink"), label.anchor, colour("surface"))}`;
  });
}

function liveOf({ frame, live, colour }: ChartDrawing): string {
  const at = live && pixelOf(frame, live);
  if (!at || !isInPlot(frame, at)) return "";
  const stroke = colour("series-live");
  return `<circle cx="${px(at.left)}" cy="${px(at.top)}" r="6" fill="none" stroke="${stroke}" stroke-width="2.25"/>${text(at.left + 9, at.top + 15, "live plan", colour("series-live-ink"))}`;
}

function markAt(mark: Mark, area: number, left: number, top: number, colour: ChartDrawing["colour"]): string {
  const paint = mark.open
    ? `fill="none" stroke="${colour(mark.colour)}" stroke-width="1.4"`
    : `fill="${colour(mark.colour)}"`;
  return `<path d="${markPath(mark, area)}" transform="translate(${px(left)},${px(top)})" ${paint}/>`;
}

function text(
  left: number,
  top: number,
  content: string,
  fill: string,
  anchor: "start" | "middle" | "end" = "start",
  halo?: string,
): string {
  const around = halo
    ? ` stroke="${halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`
    : "";
  return `<text x="${px(left)}" y="${px(top)}" fill="${fill}" text-anchor="${anchor}"${around}>${escaped(content)}</text>`;
}

function px(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** Text for XML; control characters, which it can't hold, are left out. */
export function escaped(content: string): string {
  return [...content]
    .filter((letter) => letter >= " " || letter === "\t")
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
