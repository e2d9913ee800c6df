import { formatPercent } from "../../base/format-number.ts";
import { clipped, type Drawing, group, mark, path, px, type Shape, text } from "../drawing/drawing.ts";
import { type LabelPlace, labelRoom, letterWidth, lineHeight } from "../drawing/place-labels.ts";
import type { BackbonePoint } from "../plans/backbone-point.ts";
import { markOfPlan, ringMeaning, type Series, seriesName } from "../plans/series.ts";
import { describePlan, namedByTensor } from "../words/describe-plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import { shorten } from "../words/shorten.ts";
import { type Axis, backbonePlace } from "./axes.ts";
import { type ChartFrame, isInPlot } from "./chart-frame.ts";
import { speedUpTicks } from "./chart-scale.ts";
import type { ChartedConstraints, ConstraintLine } from "./constraint-lines.ts";
import type { ParetoScene, PlacedPoint } from "./pareto-scene.ts";
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
export function paretoDrawing({ frame, backbone, layers, constraints, named, titles }: ParetoScene): Drawing {
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
      clipped(box, [...constraints.lines.flatMap((line) => limitShapes(line, frame)), ...series]),
      ...constraintLabels(constraints, frame),
      ...namedShapes(named),
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

/** What constraints want, beside their lines; those that neither axis shows are named below the plot. */
export function constraintLabels({ lines, others }: ChartedConstraints, frame: ChartFrame): Shape[] {
  const { box, axis, y } = frame;
  const room = box.right - box.left - letterWidth * (axis.label.length + 2);
  const also = shorten(`also ${others.join(", ")}`, Math.floor(room / letterWidth));
  const levels = lines.filter(({ direction }) => direction === "horizontal");
  // A line that runs along a text makes it hard to read; one across it doesn't.
  const labelPlace = labelRoom(
    box,
    levels.map(({ at }) => ({ ...box, top: y(at) - 1, bottom: y(at) + 1 })),
  );
  const labels = lines.flatMap(({ label, ...line }) => {
    const places = placesAlong(line, frame);
    if (places.length === 0) return [];
    const { anchor, ...place } = labelPlace(label, places);
    return [text(place, label, { anchor, halo: true })];
  });
  return others.length > 0 ? [...labels, text({ left: box.left, top: box.bottom + 30 }, also)] : labels;
}

/** Room for the grip that the window has at the end of a line, px. */
const gripWidth = 16;
/** Room for the label of another line, px. */
const labelColumn = 130;

/** Where a line's label may stand, the best place first; nowhere if the line is out of sight. */
function placesAlong({ direction, at }: Omit<ConstraintLine, "label">, frame: ChartFrame): LabelPlace[] {
  const { box, x, y } = frame;
  if (direction === "horizontal") {
    const left = box.right - gripWidth;
    if (!isInPlot(frame, { left, top: y(at) })) return [];
    return [
      { left, top: y(at) + lineHeight, anchor: "end" },
      { left, top: y(at) - 5, anchor: "end" },
      { left: left - labelColumn, top: y(at) + lineHeight, anchor: "end" },
    ];
  }
  const bottom = { left: x(at), top: box.bottom - 8 };
  if (!isInPlot(frame, bottom)) return [];
  return [0, 1, 2].flatMap((row): LabelPlace[] => {
    const top = bottom.top - row * lineHeight;
    return [
      { left: bottom.left + 6, top, anchor: "start" },
      { left: bottom.left - 6, top, anchor: "end" },
    ];
  });
}

export function namedShapes(named: readonly PlacedPoint[]): Shape[] {
  return named.flatMap(({ name, at, mark: own, area, label, ink = "ink", strong }) => [
    mark(own, area, at),
    text(label, name, { fill: ink, anchor: label.anchor, strong, halo: true }),
  ]);
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
