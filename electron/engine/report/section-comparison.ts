import {
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatSignedMs,
  formatSignedPercent,
  formatSignedPoints,
} from "../../../shared/base/format-number.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import type { LatencyFigures } from "../../../shared/model/plan.ts";
import { type Html, html } from "./html.ts";
import type { ReportData } from "./report-data.ts";

type Figures = Summary["backbone"];

interface Row {
  readonly title: string;
  readonly backbone?: Html;
  readonly calibration?: Html;
  readonly predicted?: Html;
  /** As predicted, latencies at the pace of the profile. */
  readonly profiled?: Html;
  readonly measured?: Html;
  readonly difference?: string;
}

const latencyRows: readonly { readonly key: keyof LatencyFigures; readonly title: string }[] = [
  { key: "mean", title: "Mean latency" },
  { key: "p50", title: "p50 latency" },
  { key: "p95", title: "p95 latency" },
  { key: "worst", title: "Worst latency" },
];

/** The plan's figures as predicted and as measured, in the same format, with the backbone's beside them. */
export function comparisonSection(data: ReportData): Html {
  const { summary } = data;
  const rows = [
    accuracyRow(summary),
    ...latencyRows.map((row) => latencyRow(summary, row)),
    ...rateRows(data),
    ...ratioRows(data),
  ];
  return html`<section>
    <h2>Predicted and measured</h2>
    <p class="note">Measured: the exported file and the backbone run in turns over the test split in one process, sample by sample, at batch 1. As profiled: the split's confidence table joined with the profile; the plan was chosen by the calibration column. Predicted: the same with latencies scaled by the machine drift, which only the backbone's runs decide. Intervals are of <span class="together">95 %</span>.</p>
    <div class="scroll"><table class="comparison">
      <thead>
        <tr><th rowspan="2">&nbsp;</th><th rowspan="2" class="num">Backbone<br>measured</th><th colspan="5">Plan</th></tr>
        <tr><th class="num">test,<br>measured</th><th class="num">test,<br>predicted</th><th class="num">measured −<br>predicted</th><th class="num">test, as<br>profiled</th><th class="num">calibration,<br>as profiled</th></tr>
      </thead>
      <tbody>${rows.map(
        (row) => html`<tr><th>${row.title}</th>
          ${cell(row.backbone)}${cell(row.measured, "strong")}${cell(row.predicted)}
          <td class="num soft">${row.difference ?? ""}</td>${cell(row.profiled, "soft")}${cell(row.calibration, "soft")}</tr>`,
      )}</tbody>
    </table></div>
    ${agreementList(summary)}
  </section>`;
}

function cell(content: Html | undefined, kind = ""): Html {
  return html`<td class="num ${kind}">${content}</td>`;
}

function accuracyRow({ backbone, plan }: Summary): Row {
  const cells = ({ accuracy, accuracyInterval }: Figures): Html => {
    const interval = accuracyInterval?.map((bound) => (100 * bound).toFixed(1)).join(" to ");
    return html`<span title="${formatPercent(accuracy, 3)}">${formatPercent(accuracy)}</span>${interval ? html`<small>${interval}</small>` : undefined}`;
  };
  return {
    title: "Accuracy",
    backbone: cells(backbone),
    calibration: cells(plan.calibration),
    predicted: cells(plan.predicted),
    profiled: cells(plan.profiled),
    measured: cells(plan.measured),
    difference: formatSignedPoints(100 * (plan.measured.accuracy - plan.predicted.accuracy)),
  };
}

function latencyRow({ backbone, plan }: Summary, { key, title }: (typeof latencyRows)[number]): Row {
  const cells = ({ latencyMs }: Figures) =>
    html`<span title="${latencyMs[key].toFixed(5)} ms">${formatMs(latencyMs[key])}</span>`;
  return {
    title,
    backbone: cells(backbone),
    calibration: cells(plan.calibration),
    predicted: cells(plan.predicted),
    profiled: cells(plan.profiled),
    measured: cells(plan.measured),
    difference: formatSignedMs(plan.measured.latencyMs[key] - plan.predicted.latencyMs[key]),
  };
}

function rateRows({ summary: { plan }, front }: ReportData): Row[] {
  const { predicted, measured } = plan.exitRates;
  const chosen = front.recommended.figures.exitRates;
  return measured.map((rate, index) => ({
    title: index < plan.exits.length ? `Leave at exit ${index + 1}` : "Reach the backbone's output",
    calibration: html`${formatPercent(chosen[index] ?? 0)}`,
    predicted: html`${formatPercent(predicted[index] ?? 0)}`,
    measured: html`${formatPercent(rate)}`,
    difference: formatSignedPoints(100 * (rate - (predicted[index] ?? 0))),
  }));
}

function ratioRows({ summary }: ReportData): Row[] {
  const { speedup, speedupPredicted, speedupP50, accuracyDropPp, accuracyDropHalfWidthPp } = summary;
  const [low, high] = [accuracyDropPp - accuracyDropHalfWidthPp, accuracyDropPp + accuracyDropHalfWidthPp];
  const interval = [low, high].map((bound) => formatPoints(bound).replace(" pp", "")).join(" to ");
  // Qualities of outputs count every sample once; the backbone's measured accuracy is weighted as the plan's is.
  const ownOutput = summary.outputs.find(({ cutPoint }) => cutPoint === null)?.accuracy;
  const alone = summary.weighted ? summary.backbone.accuracy : ownOutput;
  const predictedDropPp = alone && 100 * (alone - summary.plan.predicted.accuracy);
  return [
    {
      title: "Speed-up of the mean",
      predicted: html`${formatFactor(speedupPredicted)}`,
      measured: html`${formatFactor(speedup)}`,
    },
    { title: "Speed-up of the p50", measured: html`${formatFactor(speedupP50)}` },
    {
      title: "Accuracy drop",
      predicted: predictedDropPp === undefined ? undefined : html`${formatPoints(predictedDropPp)}`,
      measured: html`${formatPoints(accuracyDropPp)}<small>${interval}</small>`,
    },
  ];
}

function agreementList(summary: Summary): Html {
  const {
    accuracyDropPp,
    accuracyDropHalfWidthPp,
    latencyErrorPct,
    machineDriftPct,
    decisionAgreement,
    plan,
  } = summary;
  const asProfiledPct = 100 * (plan.profiled.latencyMs.mean / plan.measured.latencyMs.mean - 1);
  const isClear = Math.abs(accuracyDropPp) > accuracyDropHalfWidthPp;
  return html`<dl class="facts">
    <div><dt>Latency error</dt><dd>${formatSignedPercent(latencyErrorPct)}</dd><dd class="soft">predicted mean against measured; ${formatSignedPercent(asProfiledPct)} as profiled</dd></div>
    <div><dt>Machine drift</dt><dd>${formatSignedPercent(machineDriftPct)}</dd><dd class="soft">mean of the backbone here against its mean in the profile</dd></div>
    <div><dt>Decision agreement</dt><dd>${formatPercent(decisionAgreement, 2)}</dd><dd class="soft">samples whose exit and class are the table's</dd></div>
    <div><dt>Accuracy drop</dt><dd>${isClear ? "beyond chance" : "within chance"}</dd><dd class="soft">${isClear ? "the 95 % interval leaves 0 out" : "the 95 % interval includes 0"}, worked out sample by sample</dd></div>
  </dl>`;
}
