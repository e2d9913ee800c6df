import { type Statement, tones } from "../../../shared/model/statement.ts";
import { type Html, html } from "../../../shared/presentation/drawing/markup.ts";

/** With its sign, which says without colour how it is meant. */
export function statement({ tone, text }: Statement): Html {
  return html`<span class="sign" role="img" aria-label="${tones[tone].word}">${tones[tone].sign}</span> ${text}`;
}

export function statementList(said: readonly Statement[]): Html {
  return html`<ul class="verdict">${said.map((one) => html`<li class="${one.tone}">${statement(one)}</li>`)}</ul>`;
}
