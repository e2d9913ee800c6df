import { formatPercent, formatPoints } from "../../../shared/base/format-number.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";

/** A figure of a network. */
export function numberCell(text: string): Html {
  return html`<td class="num">${text}</td>`;
}

/** A share of right answers with its interval. */
export function accuracyCell({
  accuracy,
  accuracyInterval,
}: Pick<Summary["backbone"], "accuracy" | "accuracyInterval">): Html {
  const interval = accuracyInterval?.map((bound) => (100 * bound).toFixed(1)).join(" to ");
  return html`<td class="num">${formatPercent(accuracy)}${interval ? html`<small>${interval}</small>` : undefined}</td>`;
}

/** A difference of accuracies, percentage points, with the half width of its interval. */
export function pointsCell(pp: number, halfWidthPp: number, format = formatPoints): Html {
  return html`<td class="num">${format(pp)}<small>± ${formatPoints(halfWidthPp)}</small></td>`;
}
