import { formatCount, formatCounted, formatPercent } from "../../../shared/base/format-number.ts";
import { backbonePlace } from "../../../shared/presentation/chart/axes.ts";
import { isInDomain } from "../../../shared/presentation/chart/chart-domain.ts";
import { chartedConstraints } from "../../../shared/presentation/chart/constraint-lines.ts";
import { paretoDrawing } from "../../../shared/presentation/chart/pareto-drawing.ts";
import { haveChains, type SeriesLayer } from "../../../shared/presentation/chart/series-layers.ts";
import {
  backboneMark,
  type Mark,
  networkMark,
  planMark,
  referenceMark,
} from "../../../shared/presentation/drawing/marks.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { ringMeaning, type SeriesRole } from "../../../shared/presentation/plans/series.ts";
import { networksAlone, type ParetoChart, paretoChart, sceneAt } from "./pareto-chart.ts";
import { networkTitlesOf, type ReportData } from "./report-data.ts";
import { columnWidth, drawn, inlineMark } from "./responsive-chart.ts";

/** Our front beside the alternatives, the fixed schemes, the backbone and the constraints. */
export function paretoSection(data: ReportData): Html {
  const chart = paretoChart(data);
  const { front } = data;
  return html`<section>
    <h2>Accuracy against ${chart.content.axis.latency ? "latency" : "energy"}</h2>
    <p class="note">On the ${formatCount(front.samples)} samples of ${front.crossFit ? "all held-out images" : "the calibration split"}, where the plan was chosen; measured on the test split, it stands in the table above. ${chart.content.axis.latency ? `Latency is the ${front.useCase.latency}` : "Energy is the mean of a sample, what idles included"}, predicted from the profile.</p>
    <div class="chart-and-text">
      <figure>${columnWidth((width) => drawn(paretoDrawing(sceneAt(chart, width))))}</figure>
      <div>${legend(data, chart)}${outsideNote(chart)}</div>
    </div>
  </section>`;
}

const roles: Partial<Readonly<Record<SeriesRole, string>>> = {
  ours: "our front",
  frozen: "our front without tuned networks",
  alternative: "alternative",
  scheme: "fixed scheme",
};

function legend(data: ReportData, { content }: ParetoChart): Html {
  const { axis, backbone, layers, useCase } = content;
  const { front } = data;
  const { figures } = front.recommended;
  const titles = networkTitlesOf(data);
  const { lines } = chartedConstraints(useCase, axis, backbone);
  return html`<table class="legend">
    <tbody>
      ${legendRow(planMark, "Chosen plan", `${formatPercent(figures.accuracy)}, ${axis.format(axis.of(figures))}`)}
      ${legendRow(backboneMark, "Backbone", `${formatPercent(backbone.accuracy)}, ${axis.format(backbonePlace(backbone, axis).x)}`)}
      ${(front.references ?? []).map((one) => legendRow(referenceMark, one.name, `static network, ${formatPercent(one.accuracy)}, ${axis.format(axis.of(one))}`))}
      ${networksAlone(data).map(({ sha256, figures: own }) => legendRow(networkMark, titles.short(sha256), `network alone, ${formatPercent(own.accuracy)}, ${axis.format(axis.of(own))}`))}
      ${layers.map((layer) => {
        const { title, role, mark } = layer.series;
        return legendRow(mark, title, `${roles[role]}, ${formatCounted(plansOf(layer).length, "plan")}`);
      })}
      ${haveChains(layers) ? legendRow(ringMeaning.mark, "Ring", `plan goes ${ringMeaning.title}`) : undefined}
      ${lines.length > 0 ? html`<tr><td><svg class="inline-mark" viewBox="0 -7 14 14" aria-hidden="true"><path class="constraint" d="M0,0H14"/></svg></td><th>Constraint</th><td>shaded side breaks it</td></tr>` : undefined}
    </tbody>
  </table>`;
}

function legendRow(mark: Mark, title: string, text: string): Html {
  return html`<tr><td>${inlineMark(mark)}</td><th>${title}</th><td>${text}</td></tr>`;
}

function plansOf({ front, dominated }: SeriesLayer): SeriesLayer["front"] {
  return [...front, ...dominated];
}

/** How many plans of each series lie outside the range that is shown. */
function outsideNote({ content: { axis, layers }, domain }: ParetoChart): Html | undefined {
  const counts = layers.flatMap((layer) => {
    const plans = plansOf(layer);
    const outside = plans.filter((place) => !isInDomain(domain, place)).length;
    return outside > 0
      ? [`${formatCount(outside)} of ${formatCount(plans.length)} (${layer.series.title})`]
      : [];
  });
  if (counts.length === 0) return undefined;
  const range = `below ${formatPercent(domain.y[0])} or above ${axis.format(domain.x[1])}`;
  return html`<p class="note">Outside the plot, ${range}: ${counts.join(", ")}.</p>`;
}
