import { formatPercent } from "../../../shared/base/format-number.ts";
import type { OutputQuality } from "../../../shared/files/summary.ts";
import { breakable, type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { reliabilityDiagram } from "../../../shared/presentation/exits/reliability-diagram.ts";
import { outputOf } from "../../../shared/presentation/words/describe-plan.ts";
import { outputsOf, type PlanView } from "./exit-view.ts";
import { networkTitlesOf, type ReportData } from "./report-data.ts";
import { drawn } from "./responsive-chart.ts";
import { headTitle, policyTitle } from "./titles.ts";

/** An output with the network that it is of. */
interface Row {
  readonly output: OutputQuality;
  /** Of its network's MACs, where it is known. */
  readonly share: number | undefined;
  /** What it is called by itself. */
  readonly place: string;
}

/** Of all networks of the project, the backbone's first. */
function rowsOf(data: ReportData): Row[] {
  const { summary, backbone, members = [] } = data;
  const titles = networkTitlesOf(data);
  return [backbone, ...members].flatMap((network) => {
    const isBackbone = network === backbone;
    const name = titles.short(network.sha256);
    const shareOf = new Map(network.cutPoints.map(({ tensor, macsShare }) => [tensor, macsShare]));
    return outputsOf(summary, { isBackbone, summary: network }).map((output): Row => {
      const { cutPoint } = output;
      if (cutPoint === null)
        return { output, share: 1, place: isBackbone ? "the backbone's output" : outputOf(name) };
      return {
        output,
        share: shareOf.get(cutPoint),
        place: isBackbone ? cutPoint : `${name}: ${cutPoint}`,
      };
    });
  });
}

/** How far each output's confidence can be believed. */
export function calibrationSection(data: ReportData, plan: PlanView): Html {
  const all = rowsOf(data);
  const policies = [...new Set(all.flatMap(({ output }) => Object.keys(output.failurePredictionAuroc)))];
  const numberOf = (output: OutputQuality) => plan.exits.find(({ quality }) => quality === output)?.number;
  const inPlan = ({ output }: Row) => numberOf(output) !== undefined || output === plan.final.quality;
  const placeOf = ({ output }: Row) => numberOf(output) ?? Number.POSITIVE_INFINITY;
  const chosen = all.filter(inPlan).sort((one, other) => placeOf(one) - placeOf(other));
  const rest = all.filter((row) => !inPlan(row));
  const others = data.members?.length ? "outputs" : "heads";
  const figure = (row: Row) => reliabilityFigure(row, numberOf(row.output));
  return html`<section>
    <h2>Confidence and calibration</h2>
    <p class="note">Every head alone on the whole test split, after temperature scaling. ECE: expected calibration error of the top-1 softmax, 0 is best. AUROC: how well the policy's confidence tells right from wrong answers, 0.5 is chance, 1 is perfect.</p>
    <div class="scroll"><table>
      <thead><tr><th>Output</th><th class="num">MACs</th><th>Head</th><th class="num">Accuracy</th><th class="num">ECE</th>${policies.map((policy) => html`<th class="num">AUROC<small>${policyTitle(policy)}</small></th>`)}<th class="num">Temperature</th></tr></thead>
      <tbody>${all.map((row) => {
        const { output, share, place } = row;
        return html`<tr class="${inPlan(row) ? "chosen" : ""}">
          <td class="name">${breakable(place)}${exitTag(numberOf(output))}</td>
          <td class="num">${share === undefined ? "–" : formatPercent(share)}</td>
          <td class="text">${output.head === null ? "" : headTitle(output.head)}</td>
          <td class="num">${formatPercent(output.accuracy)}</td>
          <td class="num">${output.expectedCalibrationError.toFixed(3)}</td>
          ${policies.map((policy) => html`<td class="num">${output.failurePredictionAuroc[policy]?.toFixed(3) ?? "–"}</td>`)}
          <td class="num">${output.temperature.toFixed(2)}</td>
        </tr>`;
      })}</tbody>
    </table></div>
    <p class="note">Reliability: dots on the diagonal are as often right as they are sure; their size and the strip below count samples.</p>
    <div class="multiples">${chosen.map(figure)}</div>
    ${rest.length > 0 ? html`<details><summary>Reliability of the ${String(rest.length)} other ${others}</summary><div class="multiples">${rest.map(figure)}</div></details>` : undefined}
  </section>`;
}

function exitTag(number: number | undefined): Html | undefined {
  return number === undefined ? undefined : html` <span class="tag">exit ${String(number)}</span>`;
}

function reliabilityFigure({ output, place }: Row, number: number | undefined): Html {
  const isOutput = output.cutPoint === null;
  const title = number === undefined ? (isOutput ? "its own output" : place) : `exit ${number}`;
  const subtitle = number === undefined && output.head !== null ? headTitle(output.head) : place;
  return html`<figure>
    <figcaption><b class="name" title="${title}">${title}</b><span class="name" title="${subtitle}">${subtitle}</span><span>right ${formatPercent(output.accuracy)}, ECE ${output.expectedCalibrationError.toFixed(3)}</span></figcaption>
    ${drawn(reliabilityDiagram(output.reliability))}
  </figure>`;
}
