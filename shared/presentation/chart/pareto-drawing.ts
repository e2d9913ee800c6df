import { formatPercent } from "../../base/format-number.ts";
import { clipped, type Drawing, group, mark, path, px, type Shape, text } from "../drawing/drawing.ts";
import { textWidth } from "../drawing/text-width.ts";
import type { BackbonePoint } from "../plans/backbone-point.ts";
import { markOfPlan, ringMeaning, type Series, seriesName } from "../plans/series.ts";
import { describePlan, namedByTensor } from "../words/describe-plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import { shorten } from "../words/shorten.ts";
import { type Axis, backbonePlace } from "./axes.ts";
import type { ChartFrame } from "./chart-frame.ts";
import type { ChartLabel } from "./chart-labels.ts";
import { speedUpTicks } from "./chart-scale.ts";
import type { ChartedConstraints, ConstraintLine } from "./constraint-lines.ts";
import type { PlacedPoint } from "./named-points.ts";
import type { ParetoScene } from "./pareto-scene.ts";
import { bottomAxis, leftAxis, topAxis } from "./plot-axes.ts";
import {
  frontPath,
  haveChains,
  type MarkedPlan,
  markAreaOf,
  marked,
  markedFront,
  type PlacedPlan,
  runPath,
  type SeriesLayer,
} from "./series-layers.ts";

/** The whole chart: what a report shows, and what is saved of the window's. */
export function paretoDrawing({
  frame,
  backbone,
  layers,
  constraints,
  named,
  labels,
  titles,
}: ParetoScene): Drawing {
  const { width, height, box, x, y, xTicks, yTicks, axis } = frame;
  // Ours last, on top.
  const series = [...layers].reverse().map((layer) => group(seriesShapes(layer, frame, titles)));
  return {
    width,
    height,
    label: `Accuracy against ${axis.title.toLowerCase()} of the plans found, with the backbone and the constraints`,
    shapes: [
      ...leftAxis(y, box, yTicks),
      ...bottomAxis(x, box, xTicks),
      ...titleShapes(frame, backbone),
      clipped(box, [...series, ...constraints.lines.flatMap((line) => limitShapes(line, frame))]),
      ...otherConstraints(constraints, frame),
      ...namedShapes(named),
      ...labelShapes(labels),
    ],
  };
}

/** Titles of the axes, and where the plot's upper edge says how many times faster, or less, than the backbone. */
export function titleShapes(frame: ChartFrame, backbone: BackbonePoint): Shape[] {
  const { box, axis, x } = frame;
  const titles = [
    text({ left: 4, top: 12 }, "accuracy, %"),
    text({ left: box.right, top: box.bottom + 30 }, axis.label, { anchor: "end" }),
  ];
  if (!axis.measure) return titles;
  const whole = backbonePlace(backbone, axis).x;
  const ticks = speedUpTicks(x, whole).map(({ factor, at }) => ({ at, label: `${factor}x` }));
  return [
    ...titles,
    text(
      { left: box.right, top: 12 },
      axis.latency ? "speed-up over the backbone" : "times less than the backbone",
      { anchor: "end" },
    ),
    ...topAxis(box, ticks),
  ];
}

/** A constraint's line, and the side that breaks it shaded; to be clipped to the plot. */
export function limitShapes({ direction, at }: ConstraintLine, { box, x, y }: ChartFrame): Shape[] {
  const beyond = 9999;
  const [area, line] =
    direction === "horizontal"
      ? [`V${box.bottom + beyond}H${box.left}Z`, `M${box.left},${px(y(at))}H${box.right}`]
      : [`H${box.right + beyond}V${box.top}Z`, `M${px(x(at))},${box.top}V${box.bottom}`];
  return [
    path(`${line}${area}`, { fill: "ink", fillOpacity: 0.05 }),
    path(line, { stroke: "ink-soft", strokeDasharray: "5 3" }),
  ];
}

/** What constraints want that neither axis shows, below the plot. */
export function otherConstraints({ others }: ChartedConstraints, { box, axis }: ChartFrame): Shape[] {
  const room = box.right - box.left - textWidth(axis.label) - 12;
  if (others.length === 0) return [];
  const letters = Math.floor(room / textWidth("n"));
  return letters < 8
    ? []
    : [text({ left: box.left, top: box.bottom + 30 }, shorten(`also ${others.join(", ")}`, letters))];
}

export function namedShapes(named: readonly PlacedPoint[]): Shape[] {
  return named.map(({ at, mark: own, area }) => mark(own, area, at));
}

/** Texts, and lines from those that stand away from what they are about. */
export function labelShapes(labels: readonly ChartLabel[]): Shape[] {
  const leaders = labels.flatMap(({ leader }) =>
    leader ? [path(leaderPath(leader), { stroke: "ink-soft", strokeWidth: 0.75 })] : [],
  );
  const texts = labels.map(({ text: content, place, ink, strong }) =>
    text(place, content, { fill: ink, anchor: place.anchor, strong, halo: true }),
  );
  return [...leaders, ...texts];
}

/** The line from what a text is about to the text. */
export function leaderPath([from, to]: NonNullable<ChartLabel["leader"]>): string {
  return `M${px(from.left)},${px(from.top)}L${px(to.left)},${px(to.top)}`;
}

/** A series' front, ours the most visible. */
export function frontLine(
  { series, front }: Pick<SeriesLayer, "series" | "front">,
  frame: ChartFrame,
): Shape {
  return path(frontPath(front, frame), { stroke: series.mark.colour, ...lookOf(series) });
}

/** What was attained before tuning stands behind what is, in the same colour. */
function lookOf({ role }: Series) {
  if (role === "ours") return { strokeWidth: 1.75 };
  if (role === "past" || role === "other") return { strokeDasharray: "4 3" };
  return role === "frozen" ? { strokeWidth: 0.75 } : { strokeOpacity: 0.75 };
}

function seriesShapes(layer: SeriesLayer, frame: ChartFrame, titles: NetworkTitles): Shape[] {
  const { series, dominated } = layer;
  const drawn = (plans: readonly MarkedPlan[]) =>
    plans.map(({ plan, at }) =>
      mark(markOfPlan(series, plan.plan), markAreaOf(series), at, planTooltip(plan, frame.axis, titles)),
    );
  const marks = drawn(markedFront(layer, frame));
  const line = frontLine(layer, frame);
  if (series.role !== "scheme") return [line, ...marks];
  const behind = drawn(marked(dominated, frame, 0));
  const run = path(runPath(dominated, frame), { stroke: series.mark.colour, strokeOpacity: 0.45 });
  return [run, line, ...behind, ...marks];
}

function planTooltip({ x, y, plan }: PlacedPlan, axis: Axis, titles: NetworkTitles): string {
  // Its exits are another network's.
  if (plan.role === "other") return `${formatPercent(y, 2)}, ${axis.format(x)}`;
  return `${formatPercent(y, 2)}, ${axis.format(x)}: ${describePlan(plan, namedByTensor(titles))}`;
}

const legendColumn = 170;
const legendRow = 18;

/** The same with what its marks mean below it. */
export function withLegend(drawing: Drawing, layers: readonly SeriesLayer[]): Drawing {
  const columns = Math.max(1, Math.floor(drawing.width / legendColumn));
  const entries = [
    ...layers.map(({ series }) => ({ mark: series.mark, name: seriesName(series) })),
    ...(haveChains(layers) ? [{ mark: ringMeaning.mark, name: ringMeaning.title }] : []),
  ];
  const legend = entries.flatMap(({ mark: own, name }, index) => {
    const left = 12 + (index % columns) * legendColumn;
    const top = drawing.height + 8 + Math.floor(index / columns) * legendRow;
    return [mark(own, 38, { left, top }), text({ left: left + 10, top: top + 4 }, name, { fill: "ink" })];
  });
  const height = drawing.height + Math.ceil(entries.length / columns) * legendRow + 8;
  return { ...drawing, height, shapes: [...drawing.shapes, ...legend] };
}
