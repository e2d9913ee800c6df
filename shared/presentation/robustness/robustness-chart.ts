import { formatMs, formatPercent, formatRange } from "../../base/format-number.ts";
import type { Robustness, ShiftCondition } from "../../files/robustness.ts";
import { severities } from "../../model/robustness-options.ts";
import { createScale, percentTicks, plainTicks, type Scale, ticksOf } from "../chart/chart-scale.ts";
import { bottomAxis, leftAxis } from "../chart/plot-axes.ts";
import { type Drawing, mark, type PlotBox, path, px, type Shape, text } from "../drawing/drawing.ts";
import { backboneMark, type Mark, planMark } from "../drawing/marks.ts";
import { cleanCondition, conditionsOf, conditionTitle, leavingEarly } from "./robustness-figures.ts";

/** Around the picture, beside the plots, between them, and above them for their titles, px. */
const padding = 10;
const axisWidth = 50;
const gap = 16;
const titleHeight = 26;
const legendLine = 17;
const legendHeight = 2 * legendLine + 8;
/** Of the two plots of a corruption, which stand one above the other, and of the severities below. */
const accuracyHeight = 120;
const latencyHeight = 80;
const severityHeight = 38;
/** A narrower plot has no room for its title. */
const narrowestPlot = 100;
const rowHeight = titleHeight + accuracyHeight + titleHeight + latencyHeight + severityHeight;
const markArea = 36;
/** So many times slower than the plan the backbone isn't drawn: nobody would see how the plan's latency changes. */
const shownWhole = 2;

/** The scales that all corruptions share, of a plot that lies at the top left. */
interface Domains {
  readonly accuracy: readonly [number, number];
  readonly latencyMs: readonly [number, number];
}

/**
 * Accuracy above and mean latency below against severity, a pair of plots for each corruption on the same scales; backbone and
 * plan in each, with the plan's 95 % intervals.
 * @param width px; corruptions that don't fit beside each other stand in further rows
 */
export function robustnessChart(robustness: Robustness, width: number): Drawing {
  const inner = width - 2 * padding - axisWidth;
  const perRow = Math.max(
    1,
    Math.min(robustness.corruptions.length, Math.floor((inner + gap) / (narrowestPlot + gap))),
  );
  const plotWidth = (inner + gap) / perRow - gap;
  const domains = domainsOf(robustness);
  const rows = Math.ceil(robustness.corruptions.length / perRow);
  return {
    width,
    height: padding + legendHeight + rows * rowHeight,
    label: "Accuracy and mean latency of plan and backbone against severity, by corruption",
    shapes: [
      ...legend(cleanCondition(robustness)),
      ...robustness.corruptions.flatMap(({ id }, index) => {
        const column = index % perRow;
        const left = padding + axisWidth + column * (plotWidth + gap);
        const top = padding + legendHeight + Math.floor(index / perRow) * rowHeight;
        const place = { left, right: left + plotWidth, top, isFirst: column === 0 };
        return corruptionShapes(conditionsOf(robustness, id), conditionTitle(robustness, id), domains, place);
      }),
    ],
  };
}

function domainsOf(robustness: Robustness): Domains {
  const all = robustness.conditions;
  const accuracies = all.flatMap(({ plan, backbone }) => [...plan.accuracyInterval, backbone.accuracy]);
  const slowest = Math.max(...all.map(({ plan }) => plan.latencyMs.mean));
  const whole = backboneMs(all[0].plan);
  return {
    accuracy: [Math.min(...accuracies), Math.max(...accuracies)],
    latencyMs: [0, 1.1 * (whole < shownWhole * slowest ? Math.max(whole, slowest) : slowest)],
  };
}

function backboneMs({ latencyMs, speedup }: ShiftCondition["plan"]): number {
  return latencyMs.mean * speedup;
}

interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Whether the axes' numbers stand beside it. */
  readonly isFirst: boolean;
}

function corruptionShapes(
  conditions: readonly ShiftCondition[],
  title: string,
  domains: Domains,
  { left, right, top, isFirst }: Place,
): Shape[] {
  const upper = { left, right, top: top + titleHeight, bottom: top + titleHeight + accuracyHeight };
  const lowerTop = upper.bottom + titleHeight;
  const lower = { left, right, top: lowerTop, bottom: lowerTop + latencyHeight };
  const x = createScale([0, severities.length], [left + 6, right - 6]);
  const accuracy = createScale([...domains.accuracy], [upper.bottom, upper.top]).nice(4);
  const latency = createScale([...domains.latencyMs], [lower.bottom, lower.top]);
  const levels = [0, ...severities].map((value) => ({ value, label: String(value) }));
  return [
    text({ left, top: top + 14 }, title, { fill: "ink", strong: true }),
    ...leftAxis(accuracy, upper, named(percentTicks(ticksOf(accuracy, false, 28)), isFirst)),
    ...leftAxis(latency, lower, named(plainTicks(ticksOf(latency, false, 20)), isFirst)),
    ...(isFirst ? [axisTitle(upper, "right, %"), axisTitle(lower, "mean, ms")] : []),
    ...bottomAxis(x, lower, levels),
    ...(isFirst ? [text({ left, top: lower.bottom + 30 }, "severity")] : []),
    ...intervals(conditions, x, accuracy),
    ...series(conditions, x, accuracy, backboneMark, ({ backbone }) => backbone.accuracy, backboneText),
    ...series(conditions, x, accuracy, planMark, ({ plan }) => plan.accuracy, planText),
    ...wholeLatency(conditions[0], lower, latency),
    ...series(conditions, x, latency, planMark, ({ plan }) => plan.latencyMs.mean, latencyText),
  ];
}

function named(ticks: ReturnType<typeof plainTicks>, isFirst: boolean): ReturnType<typeof plainTicks> {
  return isFirst ? ticks : ticks.map(({ value }) => ({ value, label: "" }));
}

function axisTitle({ left, top }: PlotBox, title: string): Shape {
  return text({ left: left - axisWidth, top: top - 9 }, title, { fill: "ink-faint" });
}

function series(
  conditions: readonly ShiftCondition[],
  x: Scale,
  y: Scale,
  drawn: Mark,
  of: (condition: ShiftCondition) => number,
  tooltip: (condition: ShiftCondition) => string,
): Shape[] {
  const places = conditions.map((condition) => ({ left: x(condition.severity), top: y(of(condition)) }));
  const line = places
    .map(({ left, top }, index) => `${index === 0 ? "M" : "L"}${px(left)},${px(top)}`)
    .join("");
  return [
    path(line, { stroke: drawn.colour, strokeWidth: 1.5 }),
    ...places.map((at, index) => mark(drawn, markArea, at, tooltip(conditions[index]))),
  ];
}

/** Where the plan's accuracy lies. */
function intervals(conditions: readonly ShiftCondition[], x: Scale, y: Scale): Shape[] {
  return conditions.map(({ severity, plan: { accuracyInterval } }) => {
    const [low, high] = accuracyInterval.map((share) => px(y(share)));
    return path(`M${px(x(severity))},${low}V${high}`, { stroke: planMark.colour, strokeOpacity: 0.5 });
  });
}

/** The whole backbone takes the same whatever the image. */
function wholeLatency({ plan }: ShiftCondition, { left, right }: PlotBox, y: Scale): Shape[] {
  const whole = backboneMs(plan);
  if (whole > y.domain()[1]) return [];
  const style = { stroke: backboneMark.colour, strokeDasharray: "4 3" } as const;
  return [path(`M${px(left)},${px(y(whole))}H${px(right)}`, style, `backbone, ${formatMs(whole)}`)];
}

function backboneText({ severity, backbone }: ShiftCondition): string {
  const bounds = formatRange(backbone.accuracyInterval, formatPercent);
  return `severity ${severity}: backbone ${formatPercent(backbone.accuracy)} right (95 %: ${bounds})`;
}

function planText({ severity, plan }: ShiftCondition): string {
  const bounds = formatRange(plan.accuracyInterval, formatPercent);
  return `severity ${severity}: plan ${formatPercent(plan.accuracy)} right (95 %: ${bounds})`;
}

function latencyText(condition: ShiftCondition): string {
  const { severity, plan } = condition;
  return `severity ${severity}: ${formatMs(plan.latencyMs.mean)} on average, ${formatPercent(leavingEarly(condition))} leave early`;
}

function legend({ plan }: ShiftCondition): Shape[] {
  const names: readonly (readonly [Mark, string])[] = [
    [backboneMark, `backbone, ${formatMs(backboneMs(plan))} whatever the image`],
    [planMark, "plan, with its 95 % interval"],
  ];
  return names.flatMap(([drawn, name], index) => {
    const top = padding + 10 + index * legendLine;
    return [
      mark(drawn, markArea, { left: padding + 4, top: top - 4 }),
      text({ left: padding + 14, top }, name),
    ];
  });
}
