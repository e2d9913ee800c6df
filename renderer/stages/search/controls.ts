import { z } from "zod";
import { schemaFields } from "../../../shared/model/schema-fields.ts";
import {
  type Control,
  choiceControl,
  fieldControls,
  numberControl,
  switchControl,
} from "../../state/controls.ts";
import { setSearch, useDesign } from "../../state/design-store.ts";
import { useEngine } from "../../state/engine-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { offeredPolicies } from "../../state/live/provide-policy.ts";
import { useProject } from "../../state/project-store.ts";
import {
  algorithmChoices,
  chosenAlgorithm,
  goalChoices,
  optionHint,
  optionRange,
  type SearchForm,
  searchForm,
} from "../../state/stages/search-form.ts";
import { openPanel } from "../../state/view-store.ts";
import { focusControl } from "../../ui/focus.ts";
import { searchedPolicies, searchPolicy } from "./policy-choice.ts";

const show = (title: string) => {
  openPanel("search");
  focusControl(title);
};
const place = (title: string) => ({ title, group: "Search", show: () => show(title) });

const integers = [
  ["Most exits", "maxExits"],
  ["Threshold levels", "levels"],
  ["Seed", "seed"],
] as const;

/** The fields of the search panel; while a search runs they stay as they are. */
export function searchControls(): Control[] {
  const form = searchForm(useDesign.getState());
  const isRunning = useJobs.getState().search !== undefined;
  const controls = formControls(form);
  return isRunning ? controls.map(({ read, choices, ...control }) => control) : controls;
}

function formControls(form: SearchForm): Control[] {
  const { id, options } = chosenAlgorithm(form);
  const own = form.algorithmOptions[id] ?? {};
  return [
    choiceControl(place("Algorithm"), algorithmChoices, id, (algorithm) => setSearch({ algorithm })),
    choiceControl(place("Goal"), goalChoices, form.goal, (goal) =>
      setSearch({ goal: goal as SearchForm["goal"] }),
    ),
    ...integers.map(([title, key]) =>
      numberControl(place(title), { ...optionRange(key), whole: true }, form[key], (value) =>
        setSearch({ [key]: value }),
      ),
    ),
    numberControl(
      place("Time limit"),
      { unit: "s", ...optionRange("timeLimit") },
      form.timeLimit ?? undefined,
      (timeLimit) => setSearch({ timeLimit }),
      () => setSearch({ timeLimit: null }),
    ),
    ...fieldControls(
      schemaFields(z.toJSONSchema(options, { io: "input" })),
      own,
      { group: "Search" },
      show,
      (key, value) =>
        setSearch({ algorithmOptions: { ...form.algorithmOptions, [id]: { ...own, [key]: value } } }),
    ),
    ...policyControls(),
    ...(useDesign.getState().offload
      ? [switchControl(place("Search for the best partitions too"), form.cut, (cut) => setSearch({ cut }))]
      : []),
    switchControl(place("Cross-fit"), form.crossFit, (crossFit) => setSearch({ crossFit })),
    switchControl(place(optionHint("refine")), form.refine, (refine) => setSearch({ refine })),
    switchControl(place("Compare with the other algorithms"), form.compare, (compare) =>
      setSearch({ compare }),
    ),
  ];
}

/** Which exit policies are searched. */
function policyControls(): Control[] {
  const { project } = useProject.getState();
  const { offers } = useEngine.getState();
  if (!project) return [];
  const searched = searchedPolicies();
  return offeredPolicies(project, offers).map((policy) => {
    const title = offers?.policies.find(({ id }) => id === policy)?.title ?? policy;
    return switchControl({ ...place(title), words: "exit policy" }, searched.includes(policy), (isOn) =>
      searchPolicy(policy, isOn),
    );
  });
}
