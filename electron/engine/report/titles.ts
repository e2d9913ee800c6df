import { outputHead } from "../../../shared/model/plan.ts";
import { titlesOf } from "../../../shared/presentation/words/titles.ts";
import { datasetFormats } from "../dataset/formats/index.ts";
import { headKinds } from "../heads/index.ts";
import { exitPolicies } from "../policies/index.ts";

const trainedHeadTitle = titlesOf(headKinds);

/** What stands at an exit: a head by its kind, or nothing but the network itself. */
export function headTitle(kind: string): string {
  return kind === outputHead ? "the network itself" : trainedHeadTitle(kind);
}

export const policyTitle = titlesOf(exitPolicies);
export const datasetTitle = titlesOf(datasetFormats);
