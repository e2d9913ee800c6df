import { scaleLinear } from "d3-scale";
import { formatPercent } from "../../../shared/base/format-number.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { shorten } from "../../../shared/presentation/words/shorten.ts";
import type { ExitView, PlanView } from "./exit-view.ts";
import { drawing } from "./responsive-chart.ts";
import { spreadLabels } from "./spread-labels.ts";
import { headTitle, policyTitle } from "./titles.ts";

/** Width of the band that all samples together make, px. */
const fullBand = 44;
const bandTop = 40;
const branchEnd = bandTop + fullBand + 44;

/** Labels of exits say head and policy where they get at least this much room, px; more than the most is no use. */
const minDetailedWidth = 150;
const maxDetailedWidth = 240;
const shortLabel = 46;
/** Mean width of a character of the labels, px. */
const characterWidth = 6;

/**
 * The plan's networks from left to right by their share of MACs. The band is as wide as the share of samples that
 * remain; an exit takes its share off the lower edge and leads it down.
 */
export function drawPlanStrip({ networks, exits, final }: PlanView, width: number): Html {
  const left = 44;
  const right = width - (width < 500 ? 54 : 116);
  const x = scaleLinear([0, 1], [left, right]);
  const room = Math.min(maxDetailedWidth, width / Math.max(1, exits.length));
  const detailed = room >= minDetailedWidth;
  const labelWidth = detailed ? room : shortLabel;
  const labelsAt = spreadLabels(
    exits.map(({ macsShare }) => x(macsShare)),
    labelWidth,
    [labelWidth / 2, width - labelWidth / 2],
  );
  const height = branchEnd + (exits.length === 0 ? -28 : detailed ? 76 : 42);
  let remaining = 1;
  let from = left;
  const bands: Html[] = [];
  const branches: Html[] = [];
  exits.forEach((view, index) => {
    const before = remaining * fullBand;
    const leaving = Math.min(remaining, view.rate.measured) * fullBand;
    const bend = Math.max(10, leaving / 2 + 6);
    // A branch needs room to turn, also where the exit stands close to the input or to the exit before.
    const at = Math.max(x(view.macsShare), from + bend);
    const turn = Math.max(from, at - bend);
    bands.push(band(from, turn, before, remaining));
    branches.push(branch(turn, at, bandTop + before - leaving / 2, leaving, labelsAt[index], view));
    branches.push(exitLabel(view, labelsAt[index], detailed ? Math.floor(room / characterWidth) - 2 : 0));
    remaining = Math.max(0, remaining - view.rate.measured);
    from = turn;
  });
  bands.push(band(from, right, remaining * fullBand, remaining));
  const chosen = new Set(exits.map(({ cut }) => cut));
  return drawing(
    width,
    height,
    "The plan's networks with their cut points, and its exits with the share of samples that leaves at each",
    html`<g class="axis">
        ${[0, 0.25, 0.5, 0.75, 1].map(
          (share) => html`<path class="tick" d="M${x(share)},${bandTop - 16}v-4"/>
            <text x="${x(share)}" y="${bandTop - 24}" text-anchor="middle">${formatPercent(share, 0)}</text>`,
        )}
      </g>
      ${bands}${branches}
      <path class="rail" d="M${left},${bandTop - 8}H${right}"/>
      ${networks.slice(1).map(({ start, name }) => html`<path class="guide" d="M${x(start)},${bandTop - 16}V${bandTop + fullBand}"><title>${name} begins</title></path>`)}
      ${networks.flatMap(({ name, summary, start, share }) =>
        summary.cutPoints.map((cut) => {
          const { tensor, macsShare, shape, node } = cut;
          const isChosen = chosen.has(cut);
          return html`<circle class="cut ${isChosen ? "chosen" : ""}" cx="${x(start + macsShare * share)}" cy="${bandTop - 8}" r="${isChosen ? 4 : 3}"><title>${tensor} (${shape.join("x")}, from ${node}), ${formatPercent(macsShare)} of the MACs of ${name}</title></circle>`;
        }),
      )}
      <text class="label" x="${left - 6}" y="${bandTop + fullBand / 2}" text-anchor="end">input</text>
      <text class="value" x="${left - 6}" y="${bandTop + fullBand / 2 + 14}" text-anchor="end">100 %</text>
      <text class="label" x="${right + 8}" y="${bandTop + 8}">${width < 500 || networks.length > 1 ? "output" : "backbone's output"}</text>
      <text class="value" x="${right + 8}" y="${bandTop + 23}">${formatPercent(final.rate.measured)}</text>`,
  );
}

function band(from: number, to: number, thickness: number, remaining: number): Html {
  const height = Math.max(remaining > 0 ? 1 : 0, thickness);
  return html`<rect class="band" x="${from}" y="${bandTop}" width="${Math.max(0, to - from)}" height="${height}"><title>${formatPercent(remaining)} of the samples pass here</title></rect>`;
}

/** From the band's lower edge down, and over to where the label stands. */
function branch(turn: number, at: number, y: number, leaving: number, labelAt: number, view: ExitView): Html {
  const thickness = Math.max(1.5, leaving);
  const down = y + Math.max(10, leaving / 2 + 6);
  return html`<path class="branch" stroke-width="${thickness}" d="M${turn},${y}Q${at},${y} ${at},${down}V${branchEnd - 14}"><title>Exit ${view.number}: ${formatPercent(view.rate.measured)} leave here</title></path>
    <path class="branch" stroke-width="1.5" d="M${at},${branchEnd - 14}L${labelAt},${branchEnd}"/>`;
}

/** @param characters that a line of the label may have; 0 for the number and the rate alone */
function exitLabel({ number, exit, rate }: ExitView, at: number, characters: number): Html {
  const y = branchEnd + 16;
  if (characters === 0)
    return html`<text class="label strong" x="${at}" y="${y}" text-anchor="middle">${String(number)}</text>
      <text class="value" x="${at}" y="${y + 16}" text-anchor="middle">${formatPercent(rate.measured, 0)}</text>`;
  const lines = [`confidence ≥ ${exit.threshold.toFixed(3)}`, policyTitle(exit.policy), headTitle(exit.head)];
  return html`<text class="label strong" x="${at}" y="${y}" text-anchor="middle">exit ${String(number)}: ${formatPercent(rate.measured)}</text>
    ${lines.map((line, index) => html`<text class="label" x="${at}" y="${y + 17 + 15 * index}" text-anchor="middle">${shorten(line, characters)}</text>`)}`;
}
