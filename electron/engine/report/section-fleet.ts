import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import { fleetMatrix } from "../../../shared/presentation/fleet/fleet-matrix.ts";
import { fleetStatements } from "../../../shared/presentation/fleet/fleet-statements.ts";
import {
  rankingsTable,
  targetsTable,
  transfersTable,
} from "../../../shared/presentation/fleet/fleet-table.ts";
import { networkTitlesOf, type ReportData } from "./report-data.ts";
import { drawn, fullWidth } from "./responsive-chart.ts";
import { statementList } from "./statement-list.ts";
import { textTable } from "./text-table.ts";

/** What becomes of plans and rankings on the other targets that were profiled; nothing where there is one target. */
export function fleetSection(data: ReportData): Html {
  const { fleet } = data;
  if (!fleet) return html``;
  const titles = networkTitlesOf(data);
  return html`<section>
    <h2>On other targets</h2>
    <p class="note">The project holds profiles of several targets. For each of them a plan was searched for the same use case, on the same images, and then evaluated on the others with the same exits and thresholds: its accuracy stays, its speed-up changes. Nothing of this was run; all of it follows from the profiles.</p>
    <figure>${fullWidth((width) => drawn(fleetMatrix(fleet, width)))}</figure>
    ${statementList(fleetStatements(fleet, titles))}
    ${textTable(targetsTable(fleet))}
    ${textTable(transfersTable(fleet))}
    <h3>Rankings</h3>
    <p class="note">Prefixes reach from the input to a cut point and contain each other, so their order is nearly given; stretches lie between one cut point and the next. Exits are ranked by what a sample takes that leaves there, plans, those of both fronts, by their latency. Tau-b and Spearman's rho are 1 where the order is the same. The last column is the largest difference of a share of the whole.</p>
    ${textTable(rankingsTable(fleet, titles))}
  </section>`;
}
