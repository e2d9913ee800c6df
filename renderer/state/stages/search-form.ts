import type { Design, SearchChoices, SecondTarget } from "../../../shared/model/design.ts";
import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import { type SearchOptions, searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import type { SearchAlgorithm } from "../../../shared/search/engine/search-algorithm.ts";
import { searchAlgorithms } from "../../../shared/search/index.ts";

/** What the person chooses for a search; the use case is the design's. */
export type SearchForm = Readonly<Required<SearchChoices>>;

const defaults = searchOptionsSchema.parse({ useCase: {} });

export const defaultForm: SearchForm = {
  algorithm: defaults.algorithm,
  algorithmOptions: {},
  policies: defaults.policies,
  maxExits: defaults.maxExits,
  levels: defaults.levels,
  budget: defaults.budget,
  seed: defaults.seed,
  compare: defaults.compare,
  goal: "front",
  timeLimit: null,
  refine: false,
  crossFit: false,
  cut: true,
};

export const algorithmChoices = searchAlgorithms.map(({ id, title }) => ({ value: id, label: title }));

export const goalChoices = [
  { value: "front", label: "The whole front" },
  { value: "best", label: "The best plan for the use case" },
] as const;

/** The form as it stands: what the project says, else the defaults. */
export function searchForm({ search }: Pick<Design, "search">): SearchForm {
  return { ...defaultForm, ...search };
}

const fields = fieldsOf(searchOptionsSchema);

/** What an option does, as the command line says it. */
export function optionHint(key: "goal" | "timeLimit" | "refine" | "crossFit"): string {
  return fields[key].hint ?? "";
}

/** The range of an option, as on the command line. */
export function optionRange(key: "maxExits" | "levels" | "budget" | "seed" | "timeLimit") {
  const { min, max } = fields[key];
  return { min, max };
}

export function chosenAlgorithm({ algorithm }: SearchForm): SearchAlgorithm {
  return searchAlgorithms.find(({ id }) => id === algorithm) ?? searchAlgorithms[0];
}

/** Policies that exits may use: the chosen ones that have tables; the first that has one if none of them does. */
export function chosenPolicies({ policies }: SearchForm, tables: readonly string[]): string[] {
  const chosen = tables.filter((policy) => policies.includes(policy));
  return chosen.length > 0 ? chosen : tables.slice(0, 1);
}

/** The second target that a search of this form would take; none if it is of one target. */
export function searchedOffload(
  { cut }: Pick<SearchForm, "cut">,
  { offload, useCase }: Design,
): SecondTarget | undefined {
  if (!offload || !cut || useCase.confidence !== undefined) return undefined;
  return { server: offload.server, link: offload.link };
}

/** The request's options; those that make no difference are absent, as the command line leaves them. */
export function searchOptions(form: SearchForm, tables: readonly string[], useCase: UseCase): SearchOptions {
  const { maxExits, levels, budget, seed, compare, goal, timeLimit, refine, crossFit } = form;
  const { id } = chosenAlgorithm(form);
  return {
    algorithm: id,
    algorithmOptions: { ...form.algorithmOptions[id] },
    policies: chosenPolicies(form, tables),
    maxExits,
    levels,
    budget,
    seed,
    compare,
    ...(goal === "best" ? { goal } : {}),
    ...(timeLimit === null ? {} : { timeLimit }),
    ...(refine ? { refine } : {}),
    ...(crossFit && useCase.confidence === undefined ? { crossFit } : {}),
    useCase,
  };
}
