import {
  formatBytes,
  formatCount,
  formatPercent,
  formatQuantity,
  formatSeconds,
} from "../../../shared/base/format-number.ts";
import { asSentence } from "../../../shared/base/sentence.ts";
import { scoresText } from "../../../shared/model/backbone.ts";
import { describeCheck } from "../../../shared/model/backbone-check.ts";
import { describeClassOrder } from "../../../shared/model/class-order.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { listedSearches } from "../../../shared/presentation/plans/searches.ts";
import type { SeriesRole } from "../../../shared/presentation/plans/series.ts";
import { algorithmTitle } from "../../../shared/presentation/words/titles.ts";
import type { ReportData } from "./report-data.ts";
import { datasetTitle } from "./titles.ts";

/** How the result was made, so that it can be made again. */
export function provenanceSection(data: ReportData): Html {
  return html`<section>
    <h2>How it was made</h2>
    ${searchesTable(data)}
    <div class="columns">
      <div><h3>Data set</h3>${dataFacts(data)}</div>
      <div><h3>Model</h3>${modelFacts(data)}</div>
      <div><h3>Stages</h3>${stageTable(data)}</div>
      <div><h3>Files</h3>${fileFacts(data)}</div>
    </div>
  </section>`;
}

const searchTags: Partial<Readonly<Record<SeriesRole, string>>> = {
  ours: "chosen from",
  frozen: "without tuned networks",
};

function searchesTable(data: ReportData): Html {
  const { reference } = data.front;
  return html`<h3>Search</h3>
    <div class="scroll"><table>
      <thead><tr><th>Algorithm</th><th>Front</th><th class="num">Plans on it</th><th class="num">Evaluations</th><th class="num">Time</th><th class="num">Plans/s</th><th class="num">Hypervolume</th><th class="num">Seed</th></tr></thead>
      <tbody>${listedSearches(data.front).map(
        ({ search, series: { role } }) => html`<tr class="${role === "ours" ? "chosen" : ""}">
          <td class="text">${algorithmTitle(search.algorithm)}${searchTags[role] ? html` <span class="tag">${searchTags[role]}</span>` : undefined}</td>
          <td>${search.proven ? "proven" : "not proven"}</td>
          <td class="num">${formatCount(search.front.length)}</td>
          <td class="num">${formatCount(search.evaluations)}</td>
          <td class="num">${formatSeconds(search.seconds)}</td>
          <td class="num">${search.seconds > 0 ? formatQuantity(search.evaluations / search.seconds) : "–"}</td>
          <td class="num">${search.hypervolume.toFixed(4)}</td>
          <td class="num">${String(search.seed)}</td>
        </tr>`,
      )}</tbody>
    </table></div>
    <p class="note">Hypervolume: the share of the box between the reference point (${formatPercent(reference.accuracy)} accuracy, ${reference.latencyMs.toFixed(3)} ms) and the ideal that the front dominates; the same box for all. Proven: no plan on the threshold grid is missing from the front.</p>`;
}

function dataFacts({ summary }: ReportData): Html {
  const { path, format, classes, classOrder, classNames, check, samples, unreadable, notes } = summary.data;
  return facts([
    ["Source", html`<span class="name">${path}</span>`],
    ["Format", datasetTitle(format)],
    ["Classes", formatCount(classes)],
    ...(classOrder ? [["Order", asSentence(describeClassOrder(classOrder, classNames))] as const] : []),
    ...(check ? [["Check", asSentence(describeCheck(check))] as const] : []),
    ["Train split", `${formatCount(samples.train)} samples, for the heads`],
    [
      "Calibration split",
      `${formatCount(samples.calibration)} samples, for temperatures, thresholds and placement`,
    ],
    [
      "Test split",
      `${formatCount(samples.test)} samples, for this report${summary.crossFit ? ", and for thresholds and placement too" : ""}`,
    ],
    [
      "Unreadable",
      unreadable.length === 0
        ? "none"
        : html`<details><summary>${formatCount(unreadable.length)} files</summary><ul>${unreadable.slice(0, 50).map((file) => html`<li class="name">${file}</li>`)}</ul></details>`,
    ],
    ...notes.map((note) => ["Note", asSentence(note)] as const),
  ]);
}

function modelFacts({ backbone, summary }: ReportData): Html {
  const { input, output } = backbone;
  return facts([
    ["SHA-256", html`<code>${summary.model.sha256}</code>`],
    ["Producer", backbone.producer || "not stated"],
    ["ONNX", `IR ${backbone.irVersion}, opset ${backbone.opset}, ${backbone.precision}`],
    ["Input", `${input.channels}x${input.height}x${input.width}, ${input.layout}, ${input.type}`],
    ["Output", `${formatCount(output.classes)} classes, ${scoresText(output)}`],
    ["Weights", `${formatQuantity(backbone.parameters)} parameters, ${formatBytes(backbone.parameterBytes)}`],
    ["Peak activations", formatBytes(backbone.peakActivationBytes)],
  ]);
}

function stageTable({ summary }: ReportData): Html {
  const stages = Object.entries(summary.stageSeconds);
  const longest = Math.max(...stages.map(([, seconds]) => seconds), 0.001);
  return html`<table class="stages">
    <tbody>${stages.map(
      ([stage, seconds]) =>
        html`<tr><th>${stage}</th><td class="num">${formatSeconds(seconds)}</td><td class="bar-column"><span class="data-bar" style="width:${(100 * seconds) / longest}%"></span></td></tr>`,
    )}
    <tr class="total"><th>wall clock</th><td class="num">${formatSeconds(summary.wallSeconds)}</td><td></td></tr></tbody>
  </table>
  <p class="note">Peak memory ${formatBytes(summary.peakRssBytes)}. A stage answered from the cache takes next to nothing.</p>`;
}

function fileFacts({ front, profile, summary }: ReportData): Html {
  const files = [
    { name: "summary.json", ...summary, holds: "the figures of this report" },
    { name: "front.json", ...front, holds: "all fronts, schemes and the recommendation" },
    { name: "profile.json", ...profile, holds: "the latencies on the target" },
  ];
  return facts(
    files.map(({ name, format, version, holds }) => [name, `${holds}; ${format}, version ${version}`]),
  );
}

function facts(rows: readonly (readonly [string, string | Html])[]): Html {
  return html`<table class="facts-table"><tbody>${rows.map(([title, content]) => html`<tr><th>${title}</th><td>${content}</td></tr>`)}</tbody></table>`;
}
