import { Square } from "lucide-react";
import { useJobs } from "../state/job-store.ts";
import { useProject } from "../state/project-store.ts";
import { useSecondsLeft } from "../state/use-seconds-left.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ProgressBar } from "../ui/ProgressBar.tsx";
import styles from "./OpeningProgress.module.css";

/** What is being opened, how far it is, and a way to stop it. */
export function OpeningProgress() {
  const opening = useProject((state) => state.opening);
  const stopping = useJobs((jobs) => jobs.open?.stopping);
  if (opening === null) return null;
  return (
    <section className={styles.opening} aria-label="Opening">
      <h2 className={styles.title}>{stopping ? "Stopping" : `Opening ${opening}`}</h2>
      <Progress />
    </section>
  );
}

/** The same above a project that is open, while another one takes its place. */
export function OpeningOverlay() {
  const opening = useProject((state) => (state.project ? state.opening : null));
  const job = useJobs((jobs) => jobs.open);
  if (opening === null) return null;
  return (
    <Dialog title={`Opening ${opening}`} open onClose={() => job?.stop()}>
      <div className={styles.opening}>
        <Progress />
      </div>
    </Dialog>
  );
}

function Progress() {
  const opening = useProject((state) => state.opening);
  const job = useJobs((jobs) => jobs.open);
  const left = useSecondsLeft(job);
  return (
    <>
      <ProgressBar share={job?.share ?? 0} label={`Opening ${opening}`} />
      <div className={styles.line}>
        <span role="status">{[job?.note ?? "Reading the file", left].filter(Boolean).join(" · ")}</span>
        <Button icon={<Square size={11} />} disabled={!job || job.stopping} onClick={job?.stop}>
          Stop
        </Button>
      </div>
    </>
  );
}
