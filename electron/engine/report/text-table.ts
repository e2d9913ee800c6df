import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";
import type { TextTable } from "../../../shared/presentation/fleet/fleet-table.ts";

/** A table of text; columns of numbers stand to the right. */
export function textTable({ head, rows, note }: TextTable): Html {
  const isNumeric = head.map((_, column) => rows.every((row) => /^([-+−]?\d|$)/.test(row[column])));
  const style = (column: number) => (isNumeric[column] ? html` class="num"` : undefined);
  return html`<div class="scroll"><table>
      <thead><tr>${head.map((text, column) => html`<th${style(column)}>${text}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${row.map((text, column) => html`<td${style(column)}>${text}</td>`)}</tr>`)}</tbody>
    </table></div>${note === undefined ? undefined : html`<p class="note">${note}</p>`}`;
}
