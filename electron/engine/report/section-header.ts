import {
  formatBytes,
  formatCount,
  formatCounted,
  formatQuantity,
} from "../../../shared/base/format-number.ts";
import type { CrossFit } from "../../../shared/model/cross-fit.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import type { Attained, CheckedConstraint } from "../../../shared/presentation/verdict/constraint-checks.ts";
import { checksOf, runEvidence, verdict } from "../../../shared/presentation/verdict/verdict.ts";
import { estimateWords } from "../../../shared/presentation/words/describe-cross-fit.ts";
import type { ReportData } from "./report-data.ts";
import { statement, statementList } from "./statement-list.ts";

/** Model, outcome in words, what to beware of, the use case and the target. */
export function headerSection(data: ReportData): Html {
  const { summary, backbone } = data;
  const { target } = summary;
  const evidence = runEvidence(data);
  const [outcome, ...said] = verdict(evidence);
  return html`<header>
    <p class="kicker">Offramp report</p>
    <h1>${summary.model.name}</h1>
    <p class="outcome ${outcome.tone}">${statement(outcome)}</p>
    <p class="meta">${target.device} · ${target.provider}, ${formatCounted(target.threads, "thread")}, batch 1 · ${target.runtime} · ${target.operatingSystem}</p>
    <p class="meta">Backbone: ${together([`${formatQuantity(summary.model.macs)} MACs`, `${formatQuantity(summary.model.parameters)} parameters`, formatBytes(backbone.parameterBytes), formatCounted(summary.model.cutPoints, "cut point"), backbone.precision])}. Plan: ${together([`${formatQuantity(summary.plan.macs)} MACs on average`, formatBytes(summary.plan.bytes)])}.</p>
    <p class="meta">Figures are of the ${together([`${testSamples(summary)} test samples`])}, ${summary.crossFit ? "and the plan was chosen on these and the calibration images: what it says of accuracy says the cross-fitting" : "which no choice was made on"}, unless said otherwise.</p>
    ${statementList(said)}
    ${constraintTable(checksOf(evidence), summary.crossFit)}
  </header>`;
}

function testSamples({ data, verification }: ReportData["summary"]): string {
  if (!verification || verification.samples === verification.available) return formatCount(data.samples.test);
  return `${formatCount(verification.samples)} of ${formatCount(verification.available)}`;
}

/** Phrases with a comma between; none breaks over a line. */
function together(phrases: readonly string[]): Html {
  return html`${phrases.map((phrase, index) => html`${index > 0 ? ", " : ""}<span class="together">${phrase}</span>`)}`;
}

function constraintTable(
  checks: readonly CheckedConstraint[],
  crossFit: CrossFit | undefined,
): Html | undefined {
  if (checks.length === 0) return undefined;
  return html`<div class="scroll"><table class="fit">
    <caption>Use case</caption>
    <thead><tr><th>Constraint</th><th class="num">Wanted</th><th>${crossFit ? "Held-out images" : "Calibration"}, predicted</th><th>Test, measured</th></tr></thead>
    <tbody>${checks.map(
      ({ name, about, limit, chosen, measured }) => html`<tr>
        <th>${capitalised(name)}</th>
        <td class="num">${limit}</td>
        ${attainedCell(chosen)}${measured && attainedCell(measured, crossFit && about === "accuracy" ? estimateWords(crossFit) : "")}
      </tr>`,
    )}</tbody>
  </table></div>`;
}

/** @param source where it is no measurement */
function attainedCell({ isMet, text, gap }: Attained, source = ""): Html {
  const said = isMet
    ? html`<span class="met">✓ met</span>`
    : html`<span class="missed">✗ missed by ${gap}</span>`;
  return html`<td>${text} ${source} ${said}</td>`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
