import { formatCounted, formatPercent, formatSeconds } from "../../../shared/base/format-number.ts";
import type { PastSearch } from "../../../shared/files/past-search.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { describeTarget } from "../../../shared/presentation/words/describe-target.ts";
import { describeUseCase } from "../../../shared/presentation/words/describe-use-case.ts";
import { algorithmTitle } from "../../../shared/presentation/words/titles.ts";
import { maxPastShown, togglePast, useChart } from "../../state/chart-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { CheckField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";
import panelStyles from "../../ui/panel.module.css";
import textStyles from "../../ui/text.module.css";
import { whenInWords } from "../../ui/when-in-words.ts";

/** What was searched in this project before, the latest first; their fronts are laid over the chart. */
export function SearchHistory() {
  const searches = useOpenProject((project) => project.searches);
  const profiles = useOpenProject((project) => project.profiles);
  const shown = useChart((state) => state.past);
  if (searches.length < 2) return null;
  const [latest, ...earlier] = [...searches].reverse();
  return (
    <section className={panelStyles.section} aria-label="Earlier searches">
      <h3>Earlier searches</h3>
      <p className={textStyles.note}>
        {`The latest is search ${latest.number}. Lay up to ${maxPastShown} earlier fronts over the chart, with their figures on the target that is chosen now.`}
      </p>
      <div className={layoutStyles.column}>
        {earlier.map((search) => (
          <CheckField
            key={search.number}
            label={`Search ${search.number}: ${describeUseCase(search.useCase)}`}
            hint={describeSearch(search, profiles)}
            checked={shown.includes(search.number)}
            onCheck={() => togglePast(search.number)}
          />
        ))}
      </div>
    </section>
  );
}

/** With which algorithm, on which target, and what came of it. */
function describeSearch(search: PastSearch, profiles: readonly Profile[]): string {
  const { algorithm, seed, proven, stopped, hypervolume, seconds, plans, profile, server, searchedAt } =
    search;
  const target = profiles.find(({ id }) => id === profile);
  const parts = [
    ...(searchedAt === undefined ? [] : [whenInWords(searchedAt, new Date())]),
    `${algorithmTitle(algorithm)}, seed ${seed}`,
    `${target ? describeTarget(target.target) : "a target that is gone"}${server ? ", with a server" : ""}`,
    formatCounted(plans.length, "plan"),
    `hypervolume ${formatPercent(hypervolume)}`,
    `${formatSeconds(seconds)}, ${proven ? "proven" : stopped ? "stopped" : "not proven"}`,
  ];
  return parts.join(" · ");
}
