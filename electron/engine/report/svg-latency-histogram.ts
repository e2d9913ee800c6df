import { scaleLinear } from "d3-scale";
import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import type { LatencyFigures } from "../../../shared/model/plan.ts";
import { percentTicks, plainTicks } from "../../../shared/presentation/chart/chart-scale.ts";
import { type Histogram, histogram, upperQuantile } from "../../../shared/presentation/chart/histogram.ts";
import { bottomAxis, leftAxis } from "../../../shared/presentation/chart/plot-axes.ts";
import { type PlotBox, text } from "../../../shared/presentation/drawing/drawing.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import type { PlanView } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";
import { drawing, drawnShapes } from "./responsive-chart.ts";

/** Share of the slowest samples that the histogram leaves out. */
const clippedShare = 0.005;
const barWidth = 8;
const lanes = { plan: 12, backbone: 30 } as const;

/** The range of latencies shown, ms: from zero to what all but the slowest half per cent of either stay below. */
export function latencyRange({ latenciesMs }: ReportData): [number, number] {
  const clipped = [latenciesMs.plan, latenciesMs.backbone].map((times) => upperQuantile(times, clippedShare));
  const lowest = [latenciesMs.plan, latenciesMs.backbone].map((times) => upperQuantile(times, 1));
  const [low, high] = [Math.min(...lowest), Math.max(...clipped)];
  return [low < 0.5 * high ? 0 : low, high > low ? high : low + 1];
}

/** Measured latencies of plan and backbone, with where the profile expects each exit's samples. */
export function drawLatencyHistogram(data: ReportData, plan: PlanView, width: number): Html {
  const height = width < 500 ? 300 : 350;
  const box: PlotBox = { left: 56, right: width - 14, top: 76, bottom: height - 64 };
  const range = latencyRange(data);
  const bins = Math.floor((box.right - box.left) / barWidth);
  const ours = histogram(data.latenciesMs.plan, range, bins);
  const theirs = histogram(data.latenciesMs.backbone, range, bins);
  const shares = [ours, theirs].flatMap(({ counts, total }) => counts.map((count) => count / (total || 1)));
  const x = scaleLinear(range, [box.left, box.right]);
  const y = scaleLinear([0, Math.max(...shares, 0.01)], [box.bottom, box.top]);
  const axes = drawnShapes(
    ...leftAxis(y, box, percentTicks(y.ticks(4))),
    ...bottomAxis(x, box, plainTicks(x.ticks(width < 500 ? 4 : 8))),
    text({ left: 0, top: box.top - 12 }, "samples, %"),
    text({ left: box.right, top: box.bottom + 58 }, "latency, ms", { anchor: "end" }),
  );
  const { measured } = data.summary.plan;
  return drawing(
    width,
    height,
    "Distribution of the measured latencies of plan and backbone",
    html`${axes}
      <path class="histogram plan" d="${outline(ours, x, y)}"/>
      <path class="histogram backbone" d="${outline(theirs, x, y)}"/>
      ${marks("plan", lanes.plan, measured.latencyMs, x, range)}
      ${marks("backbone", lanes.backbone, data.summary.backbone.latencyMs, x, range)}
      ${expectedTicks(plan, pace(data), x, box)}`,
  );
}

type LinearScale = ReturnType<typeof scaleLinear<number, number>>;

function outline({ low, binWidth, counts, total }: Histogram, x: LinearScale, y: LinearScale): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  const steps = counts.map((count, bin) => {
    const top = round(y(count / (total || 1)));
    return `V${top}H${round(x(low + (bin + 1) * binWidth))}`;
  });
  return `M${round(x(low))},${round(y(0))}${steps.join("")}V${round(y(0))}Z`;
}

/** A lane above the plot: p50 to p95 as a bar, the mean as a dot; what lies beyond the range isn't drawn. */
function marks(
  kind: string,
  top: number,
  figures: LatencyFigures,
  x: LinearScale,
  range: readonly [number, number],
): Html {
  const at = (value: number) => x(Math.min(range[1], Math.max(range[0], value)));
  return html`<g class="lane ${kind}">
    <title>${kind}: mean ${formatMs(figures.mean)}, p50 ${formatMs(figures.p50)}, p95 ${formatMs(figures.p95)}</title>
    <text class="label" x="0" y="${top + 4}">${kind}</text>
    <path class="span" d="M${at(Math.min(figures.p50, figures.mean))},${top}H${at(Math.max(figures.p95, figures.mean))}"/>
    <path class="end" d="M${at(figures.p50)},${top - 5}v10M${at(figures.p95)},${top - 5}v10"/>
    <circle cx="${at(figures.mean)}" cy="${top}" r="3.5"/>
  </g>`;
}

/** The backbone's median in this run over that of its profile: marks meet the peaks, not the means. */
function pace({ summary, profile }: ReportData): number {
  return summary.backbone.latencyMs.p50 / (profile.backbone.medianMs || 1);
}

/** Under the axis: the latency that the profile predicts for samples that leave at each exit. */
function expectedTicks({ exits, final }: PlanView, scale: number, x: LinearScale, box: PlotBox): Html {
  const expected = [
    ...exits.map(({ number, leaveMs, rate }) => ({ label: String(number), leaveMs, rate })),
    { label: "end", leaveMs: final.leaveMs, rate: final.rate },
  ];
  const [low, high] = x.domain();
  return html`${expected.map(({ label, leaveMs: profiledMs, rate }) => {
    const leaveMs = profiledMs && profiledMs * scale;
    if (leaveMs === undefined || leaveMs < low || leaveMs > high) return undefined;
    return html`<g class="expected">
      <title>${label === "end" ? final.place : `exit ${label}`}: ${formatMs(leaveMs)} expected for ${formatPercent(rate.predicted)} of the samples</title>
      <path d="M${x(leaveMs)},${box.bottom + 22}l-4,7h8z"/>
      <text class="label" x="${x(leaveMs)}" y="${box.bottom + 42}" text-anchor="middle">${label}</text>
    </g>`;
  })}`;
}
