import type { Pixel, PlotBox } from "../drawing/drawing.ts";
import type { ColourName } from "../drawing/palette.ts";
import { lineHeight } from "../drawing/text-width.ts";
import { type ChartFrame, isInPlot } from "./chart-frame.ts";
import type { ConstraintLine } from "./constraint-lines.ts";
import {
  type Crowded,
  type Label,
  type LabelPlace,
  type PlacedLabel,
  type Surroundings,
  solveLabels,
} from "./label-solver.ts";
import type { PlacedPoint } from "./named-points.ts";
import { markedFront, type SeriesLayer } from "./series-layers.ts";

/** A text on the chart with its place and how it looks. */
export interface ChartLabel extends PlacedLabel {
  readonly ink: ColourName;
  readonly strong: boolean;
}

/** What bears a text on the chart. */
export interface LabelledContent {
  readonly lines: readonly ConstraintLine[];
  readonly named: readonly PlacedPoint[];
  readonly layers: readonly SeriesLayer[];
  /** Further marks, whose texts stand elsewhere or nowhere. */
  readonly marks?: readonly Marked[];
}

export type LabelledPoint = Pick<PlacedPoint, "key" | "name" | "shortName" | "at" | "area" | "strong">;

type Marked = Pick<PlacedPoint, "at" | "area">;

/** Room for the grip that the window has at the end of a line, px. */
const grip = { long: 16, wide: 7 };

/** How much texts are kept off lines, which run through them, and off marks. */
const weights = { along: 12, across: 3, ours: 1.5, others: 1 };

/** The texts of points and lines, none on another; those that come first to the eye first. */
export function chartLabels(content: LabelledContent, frame: ChartFrame): ChartLabel[] {
  const { lines, named } = content;
  const points = named.map((point) => ({ ...pointLabel(point), ink: point.ink }));
  const first = points.filter(({ strong }) => strong);
  const labels = [
    ...first,
    ...lines.flatMap((line) => lineLabel(line, frame)),
    ...points.filter(({ strong }) => !strong),
  ];
  return styled(labels, solveLabels(labels, surroundings(content, frame)));
}

/**
 * Further texts beside those that stand already: the live plan's, which moves while they stay.
 * @param placed what stands already
 */
export function labelsBeside(
  points: readonly LabelledPoint[],
  placed: readonly PlacedLabel[],
  around: Surroundings,
): PlacedLabel[] {
  const taken = [...around.taken, ...points.map(markBox), ...placed.map(({ area }) => area)];
  return solveLabels(points.map(pointLabel), { ...around, taken });
}

/** What texts keep off, whatever texts there are. */
export function surroundings(
  { lines, named, layers, marks = [] }: LabelledContent,
  frame: ChartFrame,
): Surroundings {
  return {
    box: frame.box,
    taken: [...[...named, ...marks].map(markBox), ...lines.map((line) => gripBox(line, frame))],
    crowded: [
      ...lines.map((line) => lineBox(line, frame)),
      ...layers.flatMap((own) => frontBoxes(own, frame)),
    ],
  };
}

type StyledLabel = Label & { readonly ink?: ColourName };

function styled(labels: readonly StyledLabel[], placed: readonly PlacedLabel[]): ChartLabel[] {
  const byKey = new Map(labels.map((label) => [label.key, label]));
  return placed.map((own) => {
    const { ink = "ink", strong = false } = byKey.get(own.key) ?? {};
    return { ...own, ink, strong };
  });
}

function pointLabel({ key, name, shortName, at, area, strong }: LabelledPoint): Label {
  const texts = shortName === undefined ? [name] : [name, shortName];
  return { key, texts, strong, near: placesBeside(at, radiusOf(area)), about: at };
}

/** Right of a mark, else left, above or below. */
function placesBeside({ left, top }: Pixel, radius: number): LabelPlace[] {
  const [start, end] = [left + radius + 3, left - radius - 3];
  const [above, below] = [top - radius - 5, top + radius + lineHeight - 1];
  return [
    { left: start, top: above + 3, anchor: "start" },
    { left: end, top: above + 3, anchor: "end" },
    { left: start, top: top + 4, anchor: "start" },
    { left: end, top: top + 4, anchor: "end" },
    { left: start, top: below - 2, anchor: "start" },
    { left: end, top: below - 2, anchor: "end" },
    { left, top: above, anchor: "middle" },
    { left, top: below, anchor: "middle" },
  ];
}

function radiusOf(area: number): number {
  return Math.sqrt(area / Math.PI);
}

function markBox({ at: { left, top }, area }: Marked): PlotBox {
  const radius = radiusOf(area) + 1;
  return { left: left - radius, right: left + radius, top: top - radius, bottom: top + radius };
}

/** A line's text stands along it, at the end that has the grip if there is room. */
function lineLabel(line: ConstraintLine, frame: ChartFrame): (StyledLabel & { readonly key: string })[] {
  const { direction, at, label, field } = line;
  const { box, x, y } = frame;
  const end = direction === "horizontal" ? { left: box.right, top: y(at) } : { left: x(at), top: box.bottom };
  if (!isInPlot(frame, end)) return [];
  const near = direction === "horizontal" ? alongLevel(end, box) : alongLimit(end, box);
  return [{ key: `limit ${field}`, texts: [label], near, about: end, ink: "ink-soft" }];
}

/** How far apart places along a line are, px. */
const alongStep = 24;

function alongLevel({ left: right, top }: Pixel, box: PlotBox): LabelPlace[] {
  const places: LabelPlace[] = [];
  for (let left = right - grip.long; left > box.left; left -= alongStep)
    places.push({ left, top: top + lineHeight, anchor: "end" }, { left, top: top - 5, anchor: "end" });
  return places;
}

function alongLimit({ left, top: bottom }: Pixel, box: PlotBox): LabelPlace[] {
  const places: LabelPlace[] = [];
  for (let top = bottom - 8; top > box.top; top -= lineHeight)
    places.push(
      { left: left + grip.wide + 2, top, anchor: "start" },
      { left: left - grip.wide - 2, top, anchor: "end" },
    );
  return places;
}

function gripBox({ direction, at }: ConstraintLine, { box, x, y }: ChartFrame): PlotBox {
  return direction === "horizontal"
    ? { left: box.right - grip.long, right: box.right, top: y(at) - grip.wide, bottom: y(at) + grip.wide }
    : {
        left: x(at) - grip.wide,
        right: x(at) + grip.wide,
        top: box.bottom - grip.long / 2,
        bottom: box.bottom,
      };
}

function lineBox({ direction, at }: ConstraintLine, { box, x, y }: ChartFrame): Crowded {
  return direction === "horizontal"
    ? { area: { ...box, top: y(at) - 1, bottom: y(at) + 1 }, weight: weights.along }
    : { area: { ...box, left: x(at) - 1, right: x(at) + 1 }, weight: weights.across };
}

/** The marks of a front. */
function frontBoxes(layer: SeriesLayer, frame: ChartFrame): Crowded[] {
  const weight = layer.series.role === "ours" ? weights.ours : weights.others;
  return markedFront(layer, frame).map(({ at: { left, top } }) => ({
    area: { left: left - 3, right: left + 3, top: top - 3, bottom: top + 3 },
    weight,
  }));
}
