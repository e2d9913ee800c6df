import { deviceFront } from "../../../shared/files/device-front.ts";
import { searchedTargets } from "../../../shared/files/searched-targets.ts";
import {
  type FrontState,
  frontState,
  notOfThese,
} from "../../../shared/presentation/progress/front-state.ts";
import { useDesign } from "../../state/design-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useSearchRun } from "../../state/search-run-store.ts";
import { openPanel } from "../../state/view-store.ts";
import { Tooltip } from "../../ui/Tooltip.tsx";
import styles from "./FrontStateTag.module.css";

/** How certain the shown front is: the running search's, else the project's; null without a front. */
function useFrontState(): FrontState | null {
  const project = useProject((state) => state.project);
  const target = useDesign((design) => design.target);
  const offload = useDesign((design) => design.offload);
  const isSearching = useJobs(({ search }) => search !== undefined);
  const standing = useSearchRun((state) => state.standing);
  if (isSearching) return standing && frontState(standing);
  if (!project?.front) return null;
  const targets = searchedTargets(project.front, project, { target, offload });
  if (targets !== "these") return notOfThese[targets];
  const { searches } = offload ? project.front : deviceFront(project.front);
  return frontState(searches[0]);
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
        onClick={() => openPanel("search")}
      >
        {state.label}
      </button>
    </Tooltip>
  );
}
