import { useDesign } from "../stores/design-store.ts";
import { useJobs } from "../stores/job-store.ts";
import { useProject } from "../stores/project-store.ts";
import { useView } from "../stores/view-store.ts";
import { Tooltip } from "../ui/Tooltip.tsx";
import styles from "./FrontStateTag.module.css";
import { type FrontState, frontState } from "./front-state.ts";
import { useSearchRun } from "./search-run-store.ts";

/** How sure the shown front is: of the search under way, else of the project's; null without a front. */
function useFrontState(): FrontState | null {
  const front = useProject(({ project }) => project?.front);
  const target = useDesign((design) => design.target);
  const isCut = useDesign(({ offload }) => offload?.cut !== undefined);
  const backboneMs = useProject(({ project }) => project?.profiles[target]?.backbone.meanMs);
  const isSearching = useJobs(({ search }) => search !== undefined);
  const standing = useSearchRun((state) => state.standing);
  if (isSearching) return standing && frontState(standing);
  if (!front) return null;
  // What was found on one target is no front on another, nor on two.
  if (front.backbone.latencyMs !== backboneMs) return otherTarget;
  return isCut ? deviceAlone : frontState(front.searches[0]);
}

const otherTarget: FrontState = {
  label: "other target",
  title: "front of another target",
  meaning: "The front was searched on another target; here its plans are shown with this target's latencies.",
  proven: false,
};

const deviceAlone: FrontState = {
  label: "device alone",
  title: "front of the device alone",
  meaning:
    "The search looked for plans of the device alone; here they are shown as the server takes them over.",
  proven: false,
};

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
