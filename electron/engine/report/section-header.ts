import {
  formatBytes,
  formatCount,
  formatCounted,
  formatPoints,
  formatQuantity,
} from "../../../shared/base/format-number.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import { describeGuarantee, untestedGuarantee } from "../../../shared/presentation/describe-guarantee.ts";
import { describeWeighting } from "../../../shared/presentation/describe-weighting.ts";
import { type ConstraintCheck, constraintChecks, missedBy } from "./constraint-checks.ts";
import { type Html, html } from "./html.ts";
import { caveats, outcomeSentence } from "./outcome.ts";
import type { ReportData } from "./report-data.ts";

/** Model, outcome in words, what to beware of, the use case and the target. */
export function headerSection(data: ReportData): Html {
  const { summary, backbone } = data;
  const { target } = summary;
  const notes = caveats(data);
  return html`<header>
    <p class="kicker">Offramp report</p>
    <h1>${summary.model.name}</h1>
    <p class="outcome">${outcomeSentence(summary)}</p>
    <p class="meta">${target.device} · ${target.provider}, ${target.threads} ${target.threads === 1 ? "thread" : "threads"}, batch 1 · ${target.runtime} · ${target.operatingSystem}</p>
    <p class="meta">Backbone: ${together([`${formatQuantity(summary.model.macs)} MACs`, `${formatQuantity(summary.model.parameters)} parameters`, formatBytes(backbone.parameterBytes), formatCounted(summary.model.cutPoints, "cut point"), backbone.precision])}. Plan: ${together([`${formatQuantity(summary.plan.macs)} MACs on average`, formatBytes(summary.plan.bytes)])}.</p>
    <p class="meta">Figures are of the ${together([`${formatCount(summary.data.samples.test)} test samples`])}, which no choice was made on, unless said otherwise${summary.weighted ? `; ${describeWeighting(summary.weighted)}` : ""}.</p>
    ${notes.length > 0 ? html`<ul class="caveats">${notes.map((note) => html`<li>${note}</li>`)}</ul>` : undefined}
    ${constraintTable(constraintChecks(data))}
    ${guaranteeNote(summary)}
  </header>`;
}

/** Phrases with a comma between; none breaks over a line. */
function together(phrases: readonly string[]): Html {
  return html`${phrases.map((phrase, index) => html`${index > 0 ? ", " : ""}<span class="together">${phrase}</span>`)}`;
}

function constraintTable(checks: readonly ConstraintCheck[]): Html | undefined {
  if (checks.length === 0) return undefined;
  return html`<div class="scroll"><table class="fit">
    <caption>Use case</caption>
    <thead><tr><th>Constraint</th><th class="num">Wanted</th><th>Calibration, predicted</th><th>Test, measured</th></tr></thead>
    <tbody>${checks.map(
      (check) => html`<tr>
        <th>${capitalised(check.title)}</th>
        <td class="num">${check.bound === "most" ? "≤" : "≥"} ${check.format(check.wanted)}</td>
        ${verdictCell(check, check.chosen)}${verdictCell(check, check.measured)}
      </tr>`,
    )}</tbody>
  </table></div>`;
}

/** What is guaranteed beforehand, beside what the test split says. */
function guaranteeNote({ useCase, guarantee, plan, ...measured }: Summary): Html | undefined {
  if (useCase.confidence === undefined) return undefined;
  const said = guarantee ? describeGuarantee(guarantee, plan.exits.length) : untestedGuarantee;
  const drop = `${formatPoints(measured.accuracyDropPp)} ± ${formatPoints(measured.accuracyDropHalfWidthPp)}`;
  return html`<p class="meta">Guarantee: ${said}. Measured on the test split, with its 95 % interval: a drop of <span class="together">${drop}</span>.</p>`;
}

function verdictCell(check: ConstraintCheck, value: number): Html {
  const gap = missedBy(check, value);
  const verdict =
    gap === 0
      ? html`<span class="met">✓ met</span>`
      : html`<span class="missed">✗ missed by ${check.formatGap(gap)}</span>`;
  return html`<td>${check.format(value)} ${verdict}</td>`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
