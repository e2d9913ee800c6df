import { call } from "../state/call.ts";
import { useJobs } from "../state/job-store.ts";
import { notifyError } from "../state/notice-store.ts";
import { useOpenProject } from "../state/project-store.ts";
import { useUncalibratedExits } from "../state/ready-exits.ts";
import { changeExport, useExportForm } from "../state/stages/export-form.ts";
import { StageProgress } from "../state/stages/StageProgress.tsx";
import { openDialog } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { Idea } from "../ui/Idea.tsx";
import layoutStyles from "../ui/layout.module.css";
import styles from "../ui/panel.module.css";
import textStyles from "../ui/text.module.css";
import { Verification } from "./Verification.tsx";

const purpose =
  "Writes the live plan as files that run without Offramp, runs them on the test split, and shows what was predicted beside what was measured.";

/** Opens the export dialog, and shows the result of the last export. */
export function ExportPanel() {
  const project = useOpenProject();
  const result = useExportForm((form) => form.result);
  const running = useJobs((jobs) => jobs.export !== undefined);
  const uncalibrated = useUncalibratedExits();
  const ready = project.heads.length > 0 && project.profiles.length > 0;
  return (
    <>
      <section className={styles.section}>
        {result ? <p>{purpose}</p> : <Idea idea="export">{purpose}</Idea>}
        {running && <StageProgress kind="export" title="Exporting" stages={["export", "load", "verify"]} />}
        <Button
          look="primary"
          className={styles.wide}
          disabled={!ready}
          onClick={() => {
            changeExport({ again: true, asking: false });
            openDialog("export");
          }}
        >
          Export the live plan…
        </Button>
        {!ready && (
          <p className={textStyles.note}>
            {project.heads.length > 0
              ? "Needs a profiled target first."
              : uncalibrated > 0
                ? "Needs calibrated exits first."
                : "Needs trained heads first."}
          </p>
        )}
      </section>
      {result && (
        <section className={styles.section}>
          <h3 className={layoutStyles.spread}>
            Last export
            <Button onClick={() => void call("shell.show", { path: result.folder }).catch(notifyError)}>
              Open folder
            </Button>
          </h3>
          <p className={`${textStyles.note} ${textStyles.whole}`}>{result.folder}</p>
          {result.verification ? (
            <Verification verification={result.verification} on={result.verifiedOn} points={result.points} />
          ) : (
            <p className={textStyles.soft}>Not verified: {result.unverified ?? "it was switched off"}.</p>
          )}
        </section>
      )}
    </>
  );
}
