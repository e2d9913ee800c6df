import { fixedSchemes } from "../../../shared/schemes/index.ts";
import { searchAlgorithms } from "../../../shared/search/index.ts";
import { datasetFormats } from "../dataset/formats/index.ts";
import { headKinds } from "../heads/index.ts";
import { exitPolicies } from "../policies/index.ts";

interface Variant {
  readonly id: string;
  readonly title: string;
}

/** Titles of variants; an id that this version doesn't know, from another one's file, stands for itself. */
const titleIn = (variants: readonly Variant[]) => (id: string) =>
  variants.find((variant) => variant.id === id)?.title ?? id;

export const algorithmTitle = titleIn(searchAlgorithms);
export const schemeTitle = titleIn(fixedSchemes);
export const headTitle = titleIn(headKinds);
export const policyTitle = titleIn(exitPolicies);
export const datasetTitle = titleIn(datasetFormats);
