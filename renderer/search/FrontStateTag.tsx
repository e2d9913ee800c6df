import { useJobs } from "../stores/job-store.ts";
import { useProject } from "../stores/project-store.ts";
import { useView } from "../stores/view-store.ts";
import { Tooltip } from "../ui/Tooltip.tsx";
import styles from "./FrontStateTag.module.css";
import { type FrontState, frontState } from "./front-state.ts";
import { useSearchRun } from "./search-run-store.ts";

/** How sure the shown front is: of the search under way, else of the project's; null without a front. */
export function useFrontState(): FrontState | null {
  const chosen = useProject(({ project }) => project?.front?.searches[0]);
  const isSearching = useJobs(({ search }) => search !== undefined);
  const standing = useSearchRun((state) => state.standing);
  const shown = isSearching ? standing : chosen;
  return shown ? frontState(shown) : null;
}

/** Proven, or the gap that is left; what that means is in its tooltip, and more behind it. */
export function FrontStateTag() {
  const state = useFrontState();
  if (!state) return null;
  return (
    <Tooltip text={<span className={styles.meaning}>{state.meaning}</span>}>
      <button
        type="button"
        className={state.proven ? styles.proven : styles.open}
        aria-label={`${state.title}: show the search`}
        onClick={() => useView.setState({ panel: "search" })}
      >
        {state.label}
      </button>
    </Tooltip>
  );
}
