import { setSearch, useDesign } from "../../state/design-store.ts";
import { providePolicy } from "../../state/live/provide-policy.ts";
import { notifyError } from "../../state/notice-store.ts";
import { useProject } from "../../state/project-store.ts";
import { chosenPolicies, searchForm } from "../../state/stages/search-form.ts";

/** Exit policies that a search as it is set up now goes through. */
export function searchedPolicies(): string[] {
  const { project } = useProject.getState();
  return chosenPolicies(searchForm(useDesign.getState()), project?.policies ?? []);
}

/** Has a search go through plans of a policy, or no longer; one always remains. */
export function searchPolicy(policy: string, isOn: boolean): void {
  const others = searchedPolicies().filter((other) => other !== policy);
  if (isOn)
    void providePolicy(policy)
      .then(() => setSearch({ policies: [...others, policy] }))
      .catch(notifyError);
  else if (others.length > 0) setSearch({ policies: others });
}
