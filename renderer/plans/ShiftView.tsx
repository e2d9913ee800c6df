import { useRef } from "react";
import { useShallow } from "zustand/react/shallow";
import { formatCount } from "../../shared/base/format-number.ts";
import type { Robustness } from "../../shared/files/robustness.ts";
import { robustnessChart } from "../../shared/presentation/robustness/robustness-chart.ts";
import { robustnessStatements } from "../../shared/presentation/robustness/robustness-statements.ts";
import { describeStale, staleParts } from "../../shared/presentation/robustness/robustness-subject.ts";
import { robustnessTable } from "../../shared/presentation/robustness/robustness-table.ts";
import { runCommand } from "../state/commands.ts";
import { livePlanOf, useDesign } from "../state/design-store.ts";
import { useJobs } from "../state/job-store.ts";
import { useProject } from "../state/project-store.ts";
import { useObstacleToTrying } from "../state/robustness.ts";
import { useChanging } from "../state/stages/run-stages.ts";
import { StageProgress } from "../state/stages/StageProgress.tsx";
import { useTargetProfile } from "../state/target-profile.ts";
import { Button } from "../ui/Button.tsx";
import { Drawing } from "../ui/Drawing.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import layoutStyles from "../ui/layout.module.css";
import { Statements } from "../ui/Statements.tsx";
import textStyles from "../ui/text.module.css";
import { useSize } from "../ui/use-size.ts";
import { exportRobustness } from "./export-robustness.ts";
import styles from "./ShiftView.module.css";

/** What becomes of a plan when images get worse. */
export function ShiftView() {
  const robustness = useProject(({ project }) => project?.robustness);
  const isRunning = useJobs((jobs) => jobs.robustness !== undefined);
  const obstacle = useObstacleToTrying();
  if (!robustness)
    return (
      <EmptyState
        idea="shift"
        title="Under shift"
        action={isRunning ? <Progress /> : <TryButton label="Try the live plan" />}
      >
        Noise, blur, contrast, JPEG compression and brightness at five strengths: what they do to the plan's
        accuracy, exits and latency, beside the backbone. {obstacle}
      </EmptyState>
    );
  return <Found robustness={robustness} isRunning={isRunning} />;
}

interface FoundProps {
  readonly robustness: Robustness;
  readonly isRunning: boolean;
}

function Found({ robustness, isRunning }: FoundProps) {
  const { samples, available, scale } = robustness;
  return (
    <div className={styles.view}>
      {isRunning ? <Progress /> : <Tools robustness={robustness} />}
      <Chart robustness={robustness} />
      <Statements statements={robustnessStatements(robustness)} />
      <Table robustness={robustness} />
      <p className={textStyles.note}>
        {`${formatCount(samples)} of ${formatCount(available)} test images; strengths for ${scale} images after Hendrycks and Dietterich 2019. Latencies follow from the profile and from where the images leave.`}
      </p>
    </div>
  );
}

function Progress() {
  return <StageProgress kind="robustness" title="Trying corrupted images" stages={["load", "robustness"]} />;
}

/** Says so where the figures are of another plan, target or front than what is shown. */
function Tools({ robustness }: Pick<FoundProps, "robustness">) {
  const plan = useDesign(useShallow(livePlanOf));
  const front = useProject(({ project }) => project?.front);
  const target = useTargetProfile()?.id;
  const stale = staleParts(robustness, { plan, target, front });
  return (
    <div className={layoutStyles.wrap}>
      <span className={textStyles.note}>{describeStale(stale)}</span>
      <span className={layoutStyles.space} />
      {stale.length > 0 && <TryButton label="Try the live plan" />}
      <Button onClick={() => void exportRobustness(robustness)}>Save as SVG…</Button>
    </div>
  );
}

function TryButton({ label }: { readonly label: string }) {
  const obstacle = useObstacleToTrying();
  const changing = useChanging();
  return (
    <Button
      disabled={changing || obstacle !== undefined}
      title={obstacle}
      onClick={() => runCommand("plans.tryCorrupted")}
    >
      {label}
    </Button>
  );
}

function Chart({ robustness }: Pick<FoundProps, "robustness">) {
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  return <div ref={room}>{size && <Drawing drawing={robustnessChart(robustness, size.width)} />}</div>;
}

function Table({ robustness }: Pick<FoundProps, "robustness">) {
  const { head, rows } = robustnessTable(robustness);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too
    <section className={styles.scroll} aria-label="Figures by corruption" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([title, severity, ...figures]) => (
            <tr key={`${title} ${severity}`}>
              <th scope="row">{title}</th>
              {[severity, ...figures].map((figure, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a figure is its column
                <td key={column}>{figure}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
