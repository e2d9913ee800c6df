import { plainText } from "../../base/plain-text.ts";

const markup: unique symbol = Symbol("markup");

/** Markup that may be put into a page as it is. Only `html` makes it, so everything else is escaped. */
export interface Html {
  readonly [markup]: string;
}

/**
 * What a template takes: strings are escaped, numbers are coordinates and printed to a hundredth (figures for
 * people are formatted beforehand), undefined is nothing.
 */
export type HtmlValue = string | number | undefined | Html | readonly HtmlValue[];

/** Tag for HTML and SVG templates: the literal parts are markup, every value is escaped unless it is `Html`. */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = literals.map(
    (literal, index) => literal + (index < values.length ? insert(values[index]) : ""),
  );
  return { [markup]: parts.join("") };
}

/** Markup of our own making, such as an element's name; never what comes out of a file. */
export function raw(own: string): Html {
  return { [markup]: own };
}

/** A long name that may break after its separators. */
export function breakable(name: string): Html {
  return html`${name.split(/(?<=[/_.:])/u).map((part) => html`${part}<wbr>`)}`;
}

/** The finished page or fragment as a string. */
export function renderHtml(fragment: Html): string {
  return fragment[markup];
}

function insert(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return String(Math.round(value * 100) / 100);
  return isHtml(value) ? value[markup] : value.map(insert).join("");
}

function isHtml(value: Html | readonly HtmlValue[]): value is Html {
  return markup in value;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return plainText(text.replace(/[\t\n\v\f\r]/g, " ")).replace(
    /[&<>"']/g,
    (character) => entities[character],
  );
}
