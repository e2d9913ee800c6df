import { scaleLinear } from "d3-scale";
import { symbolCircle, symbolDiamond, symbolSquare, symbolTriangle, symbolWye } from "d3-shape";
import { formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import type { Latency } from "../../../shared/model/profile.ts";
import { bottomAxis, drawing, leftAxis, type PlotBox, tickFormat } from "./chart-frame.ts";
import { backboneMark, type MarkStyle, mark } from "./chart-mark.ts";
import type { PlanView } from "./exit-view.ts";
import { type Html, html } from "./html.ts";
import type { ReportData } from "./report-data.ts";
import { headTitle, policyTitle } from "./titles.ts";

const headShapes = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolWye];

/** Heads of one kind under one policy, told apart by their mark. */
export interface HeadSeries {
  readonly head: string;
  readonly policy: string;
  readonly title: string;
  readonly mark: MarkStyle;
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
  const chosen = new Set(plan.exits.map(({ exit }) => exitKey(exit)));
  const chosenCuts = new Set(plan.exits.map(({ exit }) => exit.cutPoint));
  const series = headSeries(data);
  const x = scaleLinear([0, 1], [upper.left, upper.right]);
  const y = scaleLinear([0, most([profile.final, ...profile.prefixes])], [upper.bottom, upper.top]);
  const yHeads = scaleLinear([0, most(profile.heads)], [lower.bottom, lower.top]);
  const at = (cutPoint: string) => x(shareOf.get(cutPoint) ?? 0);
  const shares = [0, 0.25, 0.5, 0.75, 1];
  const [ticks, headTicks] = [y.ticks(5), yHeads.ticks(3)];
  return drawing(
    width,
    410,
    "Latency of the backbone up to each cut point, and what each head adds",
    html`${plan.exits.map(
      ({
        number,
        macsShare,
      }) => html`<path class="guide" d="M${x(macsShare)},${upper.top - 6}V${lower.bottom}"/>
          <text class="label strong" x="${x(macsShare)}" y="${upper.top - 12}" text-anchor="middle">${String(number)}</text>`,
    )}
      ${leftAxis(y, upper, { ticks, format: tickFormat(ticks), title: "L(e): backbone up to the cut point, ms", titleOffset: 32 })}
      ${leftAxis(yHeads, lower, { ticks: headTicks, format: tickFormat(headTicks), title: "h(e): head and decision, ms" })}
      ${bottomAxis(x, lower, { ticks: shares, format: (share) => formatPercent(share, 0), title: "share of the backbone's MACs" })}
      <path class="diagonal" d="M${x(0)},${y(0)}L${x(1)},${y(profile.final.medianMs)}"/>
      ${profile.prefixes.map((prefix) => timed(at(prefix.cutPoint), y, prefix, markOf(symbolMark, chosenCuts.has(prefix.cutPoint)), prefix.cutPoint))}
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

const symbolMark: MarkStyle = { colour: "blue", shape: symbolCircle, open: false };

function markOf(style: MarkStyle, isChosen: boolean): MarkStyle {
  return isChosen ? { ...style, colour: "vermilion" } : style;
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
  style: MarkStyle,
  what: string,
): Html {
  const { p5Ms, medianMs, p95Ms } = latency;
  const tooltip = `${what}: median ${formatMs(medianMs)}, p5 ${formatMs(p5Ms)}, p95 ${formatMs(p95Ms)}`;
  return html`<path class="whisker ${style.colour}" d="M${x},${y(p5Ms)}V${y(p95Ms)}"/>${mark(style, x, y(medianMs), 40, tooltip)}`;
}
