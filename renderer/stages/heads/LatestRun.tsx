import { runCommand } from "../../state/commands.ts";
import { useJobs } from "../../state/job-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { Button } from "../../ui/Button.tsx";
import controlStyles from "../../ui/control.module.css";
import layoutStyles from "../../ui/layout.module.css";
import styles from "../../ui/panel.module.css";
import { HeadCurves } from "./HeadCurves.tsx";

const height = 168;

/** How the heads under way learn. */
export function LiveCurves() {
  const curves = useJobs(({ train }) => train?.curves);
  return curves && curves.length > 0 && <HeadCurves curves={curves} height={height} />;
}

/** How the heads of the last training learnt, and the way to earlier ones. */
export function LatestRun() {
  const runs = useOpenProject((project) => project.runs);
  const training = useJobs((jobs) => jobs.train !== undefined);
  const latest = runs.at(-1);
  if (!latest || training) return null;
  return (
    <section className={styles.section}>
      <h3 className={layoutStyles.spread}>
        <span>{`Run ${latest.number}`}</span>
        <Button className={controlStyles.small} onClick={() => runCommand("stages.runs")}>
          {runs.length > 1 ? `Compare ${runs.length} runs…` : "Details and note…"}
        </Button>
      </h3>
      <HeadCurves curves={latest.heads} height={height} />
    </section>
  );
}
