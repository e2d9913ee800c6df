import { scaleLinear } from "d3-scale";
import { curveLinear, curveStepAfter, line } from "d3-shape";
import { formatMs, formatPercent, formatPoints } from "../../../shared/base/format-number.ts";
import type { ChartedPlan } from "../../../shared/files/front-file.ts";
import { bottomAxis, drawing, leftAxis, type PlotBox, tickFormat } from "./chart-frame.ts";
import { backboneMark, mark, planMark } from "./chart-mark.ts";
import { type Html, html } from "./html.ts";
import { isInside, type ParetoDomain, paretoDomain } from "./pareto-domain.ts";
import { type ParetoSeries, paretoSeries } from "./pareto-series.ts";
import type { ReportData } from "./report-data.ts";

/** Marks of a series stand at least this far apart, px; the line carries the rest. */
const markDistance = { ours: 9, alternative: 16, scheme: 9 } as const;
const markArea = { ours: 16, alternative: 44, scheme: 30 } as const;

/** A constraint of the use case as a line across the chart. */
interface ConstraintLine {
  readonly axis: "accuracy" | "latency";
  readonly at: number;
  readonly label: string;
}

/** What the chart shows and where, the same at every width. */
export interface ParetoChart {
  readonly series: readonly ParetoSeries[];
  readonly domain: ParetoDomain;
  /** Plans outside the plot, per series that has some. */
  readonly outside: readonly { readonly title: string; readonly count: number; readonly of: number }[];
  readonly constraints: readonly ConstraintLine[];
}

/** Chooses the range to show and counts what it leaves out. */
export function paretoChart(data: ReportData): ParetoChart {
  const series = paretoSeries(data);
  const constraints = constraintLines(data);
  const plan = chosenPoint(data);
  const { backbone } = data.front;
  const limits = constraints.map(({ axis, at }) =>
    axis === "accuracy" ? { ...backbone, accuracy: at } : { ...backbone, latencyMs: at },
  );
  const domain = paretoDomain(
    [plan, backbone, ...limits],
    series.flatMap(({ plans }) => plans),
  );
  const outside = series
    .map(({ title, plans }) => ({
      title,
      of: plans.length,
      count: plans.filter((point) => !isInside(domain, point)).length,
    }))
    .filter(({ count }) => count > 0);
  return { series, domain, outside, constraints };
}

function chosenPoint({ front }: ReportData): ChartedPlan {
  const { exits, figures } = front.recommended;
  return { exits, accuracy: figures.accuracy, latencyMs: figures.latencyMs[front.useCase.latency] };
}

function constraintLines(data: ReportData): ConstraintLine[] {
  const { maxLatencyMs, minAccuracy, maxDropPp } = data.front.useCase;
  const { backbone } = data.front;
  const lines: ConstraintLine[] = [];
  if (maxLatencyMs !== undefined)
    lines.push({ axis: "latency", at: maxLatencyMs, label: `at most ${formatMs(maxLatencyMs)}` });
  if (minAccuracy !== undefined)
    lines.push({ axis: "accuracy", at: minAccuracy, label: `at least ${formatPercent(minAccuracy)}` });
  if (maxDropPp !== undefined)
    lines.push({
      axis: "accuracy",
      at: backbone.accuracy - maxDropPp / 100,
      label: `drop of ${formatPoints(maxDropPp)}`,
    });
  return lines;
}

/** Accuracy against the use case's latency on the calibration split. */
export function drawPareto(data: ReportData, chart: ParetoChart, width: number): Html {
  const height = Math.round(width < 500 ? width * 0.95 : width * 0.66);
  const box: PlotBox = { left: 40, right: width - 12, top: 46, bottom: height - 38 };
  const x = scaleLinear(chart.domain.latencyMs, [box.left, box.right]);
  const y = scaleLinear(chart.domain.accuracy, [box.bottom, box.top]);
  const xTicks = x.ticks(width < 500 ? 4 : 8);
  const yTicks = y.ticks(6);
  const yFormat = tickFormat(yTicks.map((tick) => 100 * tick));
  const place = ({ accuracy, latencyMs }: ChartedPlan) => ({ x: x(latencyMs), y: y(accuracy) });
  const { backbone } = data.front;
  const [others, ours] = [
    chart.series.filter(({ kind }) => kind !== "ours"),
    chart.series.filter(({ kind }) => kind === "ours"),
  ];
  return drawing(
    width,
    height,
    "Accuracy against latency of the plans found, with the backbone, the constraints and the chosen plan",
    html`${chart.constraints.map((constraint) => forbiddenArea(constraint, x, y, box))}
      ${leftAxis(y, box, { ticks: yTicks, format: (tick) => yFormat(100 * tick), title: "accuracy, %", titleOffset: 26 })}
      ${bottomAxis(x, box, { ticks: xTicks, format: tickFormat(xTicks), title: `${data.front.useCase.latency} latency, ms` })}
      ${speedupAxis(x, box, backbone.latencyMs)}
      ${chart.constraints.map((constraint) => constraintLine(constraint, x, y, box))}
      ${others.map((series) => drawSeries(series, chart.domain, place))}
      ${ours.map((series) => drawSeries(series, chart.domain, place))}
      ${labelledMark(place({ exits: [], ...backbone }), box, "backbone", -12, (at) =>
        mark(
          backboneMark,
          at.x,
          at.y,
          90,
          `Backbone: ${formatPercent(backbone.accuracy)}, ${formatMs(backbone.latencyMs)}`,
        ),
      )}
      ${labelledMark(place(chosenPoint(data)), box, "chosen plan", 18, (at) => mark(planMark, at.x, at.y, 130, planTooltip(chosenPoint(data))))}`,
  );
}

type Place = (plan: ChartedPlan) => { readonly x: number; readonly y: number };
type LinearScale = ReturnType<typeof scaleLinear<number, number>>;

function drawSeries({ kind, mark: style, plans }: ParetoSeries, domain: ParetoDomain, place: Place): Html {
  const inside = plans.filter((plan) => isInside(domain, plan));
  const path = line<ChartedPlan>()
    .x((plan) => place(plan).x)
    .y((plan) => place(plan).y)
    .curve(kind === "scheme" ? curveLinear : curveStepAfter)
    .digits(1);
  return html`<g class="series ${kind}">
    <path class="line ${style.colour}" d="${path(inside) ?? ""}"/>
    ${thinned(inside, place, markDistance[kind]).map((plan) => mark(style, place(plan).x, place(plan).y, markArea[kind], planTooltip(plan)))}
  </g>`;
}

function thinned(plans: readonly ChartedPlan[], place: Place, distance: number): ChartedPlan[] {
  const kept: ChartedPlan[] = [];
  let last = { x: Number.NEGATIVE_INFINITY, y: 0 };
  for (const plan of plans) {
    const at = place(plan);
    if (Math.hypot(at.x - last.x, at.y - last.y) < distance) continue;
    kept.push(plan);
    last = at;
  }
  return kept;
}

function planTooltip({ accuracy, latencyMs, exits }: ChartedPlan): string {
  const places = exits.map(({ cutPoint, threshold }) => `${cutPoint} at ${threshold.toFixed(3)}`);
  const what = exits.length === 0 ? "the backbone alone" : places.join(", ");
  return `${formatPercent(accuracy, 2)}, ${formatMs(latencyMs)}: ${what}`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A mark with its name beside it, on the side where the chart has room. */
function labelledMark(
  at: Point,
  box: PlotBox,
  label: string,
  offset: number,
  draw: (at: Point) => Html,
): Html {
  const nearRight = at.x > box.right - 90;
  const y = Math.max(box.top + 8, Math.min(at.y + offset, box.bottom - 6));
  return html`${draw(at)}<text class="label halo" x="${at.x + (nearRight ? 8 : 10)}" y="${y}" text-anchor="${nearRight ? "end" : "start"}">${label}</text>`;
}

function forbiddenArea({ axis, at }: ConstraintLine, x: LinearScale, y: LinearScale, box: PlotBox): Html {
  const area =
    axis === "accuracy"
      ? `M${box.left},${y(at)}H${box.right}V${box.bottom}H${box.left}Z`
      : `M${x(at)},${box.top}H${box.right}V${box.bottom}H${x(at)}Z`;
  return html`<path class="forbidden" d="${area}"/>`;
}

function constraintLine(
  { axis, at, label }: ConstraintLine,
  x: LinearScale,
  y: LinearScale,
  box: PlotBox,
): Html {
  if (axis === "accuracy")
    return html`<path class="constraint" d="M${box.left},${y(at)}H${box.right}"/>
      <text class="label halo" x="${box.left + 4}" y="${y(at) - 5}">${label}</text>`;
  const nearRight = x(at) > box.right - 90;
  return html`<path class="constraint" d="M${x(at)},${box.top}V${box.bottom}"/>
    <text class="label halo" x="${x(at) + (nearRight ? -5 : 5)}" y="${box.bottom - 8}" text-anchor="${nearRight ? "end" : "start"}">${label}</text>`;
}

/** Above the plot: how many times faster than the backbone. */
function speedupAxis(x: LinearScale, box: PlotBox, backboneMs: number): Html {
  const [low, high] = x.domain();
  const factors = [1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20].filter((factor) => {
    const at = backboneMs / factor;
    return at >= low && at <= high;
  });
  let last = Number.POSITIVE_INFINITY;
  const spaced = factors.filter((factor) => {
    const at = x(backboneMs / factor);
    if (last - at < 44) return false;
    last = at;
    return true;
  });
  return html`<g class="axis">
    ${spaced.map((factor) => {
      const at = x(backboneMs / factor);
      return html`<path class="tick" d="M${at},${box.top}v-4"/>
        <text x="${at}" y="${box.top - 8}" text-anchor="middle">${`${factor}x`}</text>`;
    })}
    <text class="axis-title" x="${box.right}" y="${box.top - 26}" text-anchor="end">speed-up over the backbone</text>
  </g>`;
}
