import { titlesOf } from "../../../shared/presentation/words/titles.ts";
import { datasetFormats } from "../dataset/formats/index.ts";
import { headKinds } from "../heads/index.ts";
import { exitPolicies } from "../policies/index.ts";

export const headTitle = titlesOf(headKinds);
export const policyTitle = titlesOf(exitPolicies);
export const datasetTitle = titlesOf(datasetFormats);
