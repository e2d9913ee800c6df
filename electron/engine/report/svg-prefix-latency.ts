import { scaleLinear } from "d3-scale";
import { symbolCircle, symbolDiamond, symbolSquare, symbolTriangle, symbolWye } from "d3-shape";
import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import type { Latency } from "../../../shared/model/profile.ts";
import { plainTicks } from "../../../shared/presentation/chart/chart-scale.ts";
import { bottomAxis, leftAxis } from "../../../shared/presentation/chart/plot-axes.ts";
import { mark, type PlotBox, path, px, text } from "../../../shared/presentation/drawing/drawing.ts";
import { backboneMark, type Mark, ourMark } from "../../../shared/presentation/drawing/marks.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import type { PlanView } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";
import { drawing, drawnShapes } from "./responsive-chart.ts";
import { headTitle, policyTitle } from "./titles.ts";

const headShapes = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolWye];

/** Heads of one kind under one policy, told apart by their mark. */
export interface HeadSeries {
  readonly head: string;
  readonly policy: string;
  readonly title: string;
  readonly mark: Mark;
}

/** The kinds of heads and policies that were timed, in the profile's order. */
export function headSeries({ profile }: ReportData): HeadSeries[] {
  const pairs = new Map(profile.heads.map(({ head, policy }) => [`${head}\n${policy}`, { head, policy }]));
  return [...pairs.values()].map(({ head, policy }, index) => ({
    head,
    policy,
    title: `${headTitle(head)}, ${policyTitle(policy)}`,
    mark: { colour: "ink", shape: headShapes[index % headShapes.length], open: index >= headShapes.length },
  }));
}

/** L(e) above and h(e) below, each on its own scale, along the backbone; whiskers from p5 to p95. */
export function drawPrefixLatency(data: ReportData, plan: PlanView, width: number): Html {
  const { profile, backbone } = data;
  const upper: PlotBox = { left: 46, right: width - 16, top: 52, bottom: 244 };
  const lower: PlotBox = { ...upper, top: 290, bottom: 370 };
  const shareOf = new Map(backbone.cutPoints.map(({ tensor, macsShare }) => [tensor, macsShare]));
  const own = plan.exits.filter(({ network, cut }) => network?.isBackbone && cut);
  const chosen = new Set(own.map(({ exit }) => exitKey(exit)));
  const chosenCuts = new Set(own.map(({ exit }) => exit.cutPoint));
  const series = headSeries(data);
  const x = scaleLinear([0, 1], [upper.left, upper.right]);
  const y = scaleLinear([0, most([profile.final, ...profile.prefixes])], [upper.bottom, upper.top]);
  const yHeads = scaleLinear([0, most(profile.heads)], [lower.bottom, lower.top]);
  const at = (cutPoint: string) => x(shareOf.get(cutPoint) ?? 0);
  const shares = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, label: formatPercent(value, 0) }));
  const axes = drawnShapes(
    ...leftAxis(y, upper, plainTicks(y.ticks(5))),
    ...leftAxis(yHeads, lower, plainTicks(yHeads.ticks(3))),
    ...bottomAxis(x, lower, shares),
    text({ left: 0, top: upper.top - 32 }, "L(e): backbone up to the cut point, ms"),
    text({ left: 0, top: lower.top - 12 }, "h(e): head and decision, ms"),
    text({ left: lower.right, top: lower.bottom + 32 }, "share of the backbone's MACs", { anchor: "end" }),
  );
  return drawing(
    width,
    410,
    "Latency of the backbone up to each cut point, and what each head adds",
    html`${own.map(
      ({
        number,
        exit: { cutPoint },
      }) => html`<path class="guide" d="M${at(cutPoint)},${upper.top - 6}V${lower.bottom}"/>
          <text class="label strong" x="${at(cutPoint)}" y="${upper.top - 12}" text-anchor="middle">${String(number)}</text>`,
    )}
      ${axes}
      <path class="diagonal" d="M${x(0)},${y(0)}L${x(1)},${y(profile.final.medianMs)}"/>
      ${profile.prefixes.map((prefix) => timed(at(prefix.cutPoint), y, prefix, markOf(ourMark, chosenCuts.has(prefix.cutPoint)), prefix.cutPoint))}
      ${timed(x(1), y, profile.final, backboneMark, "the whole backbone with its confidence")}
      ${profile.heads.map((head) => {
        const index = series.findIndex((kind) => kind.head === head.head && kind.policy === head.policy);
        const offset = (index - (series.length - 1) / 2) * 6;
        const tooltip = `${series[index].title} at ${head.cutPoint}`;
        return timed(
          at(head.cutPoint) + offset,
          yHeads,
          head,
          markOf(series[index].mark, chosen.has(exitKey(head))),
          tooltip,
        );
      })}`,
  );
}

function markOf(style: Mark, isChosen: boolean): Mark {
  return isChosen ? { ...style, colour: "series-live" } : style;
}

function exitKey({ cutPoint, head, policy }: { cutPoint: string; head: string; policy: string }): string {
  return [cutPoint, head, policy].join("\n");
}

function most(latencies: readonly Latency[]): number {
  return Math.max(0.001, ...latencies.map(({ p95Ms, medianMs }) => 1.05 * Math.max(p95Ms, medianMs)));
}

function timed(
  x: number,
  y: ReturnType<typeof scaleLinear<number, number>>,
  latency: Latency,
  style: Mark,
  what: string,
): Html {
  const { p5Ms, medianMs, p95Ms, meanMs, intervalMs } = latency;
  const interval = intervalMs ? `, mean ${formatMs(meanMs)} ± ${formatMs(intervalMs[1] - meanMs)}` : "";
  const tooltip = `${what}: median ${formatMs(medianMs)}, p5 ${formatMs(p5Ms)}, p95 ${formatMs(p95Ms)}${interval}`;
  return drawnShapes(
    path(`M${px(x)},${px(y(p5Ms))}V${px(y(p95Ms))}`, { stroke: style.colour, strokeOpacity: 0.7 }),
    mark(style, 40, { left: x, top: y(medianMs) }, tooltip),
  );
}
