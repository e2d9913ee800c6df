import { formatCount, formatQuantity, formatSeconds } from "../../shared/format-number.ts";
import { algorithmSeries } from "../pareto/series.ts";
import { JobProgress } from "../pipeline/JobProgress.tsx";
import panel from "../pipeline/StagePanel.module.css";
import { useJobs } from "../stores/job-store.ts";
import { frontState } from "./front-state.ts";

/** How far the search under way has come, and the ways to end it. */
export function SearchRunning() {
  const progress = useJobs(({ search }) => search?.search);
  const rate = progress && progress.seconds > 0 ? progress.evaluations / progress.seconds : null;
  return (
    <>
      <JobProgress kind="search" title="Searching" />
      {progress && (
        <p className={panel.small}>
          {algorithmSeries(progress.algorithm, true).title}: {formatQuantity(progress.evaluations)} plans in{" "}
          {formatSeconds(progress.seconds)}
          {rate !== null && `, ${formatQuantity(rate)}/s`}
          {`, ${formatCount(progress.front.length)} on the front`}
          {progress.gap !== undefined && `, ${frontState(progress).label}`}
        </p>
      )}
    </>
  );
}
