import { Square } from "lucide-react";
import { useSecondsLeft } from "../pipeline/use-seconds-left.ts";
import { useJobs } from "../stores/job-store.ts";
import { useProject } from "../stores/project-store.ts";
import { Button } from "../ui/Button.tsx";
import { ProgressBar } from "../ui/ProgressBar.tsx";
import styles from "./OpeningProgress.module.css";

/** What is being opened, how far it is, and a way to stop it. */
export function OpeningProgress() {
  const opening = useProject((state) => state.opening);
  const job = useJobs((jobs) => jobs.open);
  const left = useSecondsLeft(job);
  if (opening === null) return null;
  return (
    <section className={styles.opening} aria-label="Opening">
      <h2 className={styles.title}>{job?.stopping ? "Stopping" : `Opening ${opening}`}</h2>
      <ProgressBar share={job?.share ?? 0} label={`Opening ${opening}`} />
      <div className={styles.line}>
        <span role="status">{[job?.note ?? "Reading the file", left].filter(Boolean).join(" · ")}</span>
        <Button icon={<Square size={11} />} disabled={!job || job.stopping} onClick={job?.stop}>
          Stop
        </Button>
      </div>
    </section>
  );
}

/** The same above a project that is open, while another one takes its place. */
export function OpeningOverlay() {
  const opening = useProject((state) => state.opening !== null && state.project !== null);
  if (!opening) return null;
  return (
    <div className={styles.overlay}>
      <div className={styles.box}>
        <OpeningProgress />
      </div>
    </div>
  );
}
