import { formatCount, formatQuantity, formatSeconds } from "../../../shared/base/format-number.ts";
import { algorithmSeries } from "../../../shared/presentation/plans/series.ts";
import { frontState } from "../../../shared/presentation/progress/front-state.ts";
import { useJobs } from "../../state/job-store.ts";
import { StageProgress } from "../../state/stages/StageProgress.tsx";
import { Glossed } from "../../ui/Glossed.tsx";
import textStyles from "../../ui/text.module.css";

/** Progress of the running search, and the buttons that end it. */
export function SearchRunning() {
  const progress = useJobs(({ search }) => search?.search);
  const rate = progress && progress.seconds > 0 ? progress.evaluations / progress.seconds : null;
  return (
    <>
      <StageProgress kind="search" title="Searching" />
      {progress && (
        <p className={textStyles.note}>
          {algorithmSeries(progress.algorithm, true).title}: {formatQuantity(progress.evaluations)} plans in{" "}
          {formatSeconds(progress.seconds)}
          {rate !== null && `, ${formatQuantity(rate)}/s`}
          {`, ${formatCount(progress.front.length)} on the front`}
          {progress.gap !== undefined && <Glossed>{`, ${frontState(progress).label}`}</Glossed>}
        </p>
      )}
    </>
  );
}
