import { ringMeaning, type Series, seriesName } from "../../../shared/presentation/plans/series.ts";
import { toggleSeries, useChartChoices } from "../../state/chart-store.ts";
import { InlineMark } from "../../ui/MarkShape.tsx";
import styles from "./ParetoView.module.css";

/** What each mark means; a press switches the series on and off. */
export function Legend({
  series,
  hasChains,
}: {
  readonly series: readonly Series[];
  /** Whether there are plans through other networks than the backbone. */
  readonly hasChains: boolean;
}) {
  const { hidden } = useChartChoices();
  return (
    <ul className={styles.legend} aria-label="Series on the chart">
      {series.map(({ id, title, role, mark }) => {
        const isShown = !hidden.includes(id);
        return (
          <li key={id}>
            <button
              type="button"
              aria-pressed={isShown}
              title={`${isShown ? "Hide" : "Show"} ${describeRole(role, title)}`}
              onClick={() => toggleSeries(id)}
            >
              <InlineMark mark={mark} area={role === "evaluated" ? 12 : 38} />
              {seriesName({ title, role })}
            </button>
          </li>
        );
      })}
      {hasChains && (
        <li
          className={styles.meaning}
          title={`A ring about a mark of any series: the plan goes ${ringMeaning.title}`}
        >
          <InlineMark mark={ringMeaning.mark} area={28} />
          {ringMeaning.title}
        </li>
      )}
    </ul>
  );
}

function describeRole(role: Series["role"], title: string): string {
  switch (role) {
    case "ours":
      return `our front (${title})`;
    case "frozen":
      return "our front without the networks that were tuned";
    case "past":
      return `the front of ${title.toLowerCase()}, as it is on the chosen target`;
    case "other":
      return `another project's front, ${title}; relative: by speed-up and change against its own backbone`;
    case "alternative":
      return `the alternative's front (${title})`;
    case "scheme":
      return `the fixed scheme ${title}`;
    case "evaluated":
      return "some of the plans that the last search evaluated";
    case "network":
      return "the project's other networks, each by itself";
    case "reference":
      return "reference models";
    case "pinned":
      return "pinned plans";
  }
}
