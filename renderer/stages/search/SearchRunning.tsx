import { formatCount, formatQuantity, formatSeconds } from "../../../shared/base/format-number.ts";
import { algorithmSeries } from "../../chart/geometry/series.ts";
import { frontState } from "../../state/front-state.ts";
import { useJobs } from "../../state/job-store.ts";
import textStyles from "../../ui/text.module.css";
import { JobProgress } from "../JobProgress.tsx";

/** How far the search under way has come, and the ways to end it. */
export function SearchRunning() {
  const progress = useJobs(({ search }) => search?.search);
  const rate = progress && progress.seconds > 0 ? progress.evaluations / progress.seconds : null;
  return (
    <>
      <JobProgress kind="search" title="Searching" />
      {progress && (
        <p className={textStyles.note}>
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
