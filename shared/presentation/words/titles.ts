import { fixedSchemes } from "../../schemes/index.ts";
import { searchAlgorithms } from "../../search/index.ts";

interface Variant {
  readonly id: string;
  readonly title: string;
}

/** Titles of variants; an id that this version doesn't know, from another one's file, stands for itself. */
export function titlesOf(variants: readonly Variant[]): (id: string) => string {
  return (id) => variants.find((variant) => variant.id === id)?.title ?? id;
}

export const algorithmTitle = titlesOf(searchAlgorithms);
export const schemeTitle = titlesOf(fixedSchemes);
