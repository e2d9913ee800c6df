import { Copy, FolderOpen, Save } from "lucide-react";
import { useMemo } from "react";
import type { WorkerState } from "../../shared/fleet/worker-state.ts";
import type { ExportResult } from "../../shared/ipc/channels.ts";
import { isSamePlan, type Plan } from "../../shared/model/plan.ts";
import { fieldsOf } from "../../shared/model/schema-fields.ts";
import { verifyOptionsSchema } from "../../shared/model/stage-options.ts";
import { missesIn } from "../../shared/model/statement.ts";
import { isThisMachine } from "../../shared/model/this-machine.ts";
import { verifiedText } from "../../shared/presentation/verdict/verified-text.ts";
import { call } from "../state/call.ts";
import { livePlanOf, useDesign } from "../state/design-store.ts";
import { useEngine } from "../state/engine-store.ts";
import { useFleet, useFleetWatch } from "../state/fleet-store.ts";
import { useJobs } from "../state/job-store.ts";
import { copyPlan, savePlan } from "../state/live-plan-file.ts";
import { notify, notifyError } from "../state/notice-store.ts";
import { useOpenProject, useProject } from "../state/project-store.ts";
import {
  changeExport,
  chooseFormat,
  type Exported,
  type Fitted,
  isChosen,
  useExportForm,
} from "../state/stages/export-form.ts";
import { OtherWork } from "../state/stages/OtherWork.tsx";
import { useChanging } from "../state/stages/run-stages.ts";
import { StageProgress } from "../state/stages/StageProgress.tsx";
import { useTargetProfile } from "../state/target-profile.ts";
import { closeDialog } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { CheckField, NumberField } from "../ui/Field.tsx";
import layoutStyles from "../ui/layout.module.css";
import { Statements } from "../ui/Statements.tsx";
import surfaceStyles from "../ui/surface.module.css";
import textStyles from "../ui/text.module.css";
import styles from "./ExportDialog.module.css";
import {
  chooseFolder,
  exportLivePlan,
  obstacleToReport,
  obstacleToVerifying,
  verifierOf,
} from "./export-plan.ts";
import { useExportVerdict } from "./export-verdict.ts";
import { chosenPoints } from "./operating-points.ts";
import { PlanLine } from "./PlanLine.tsx";
import { PointChoice, useOfferedPoints } from "./PointChoice.tsx";
import { RuntimeTable } from "./RuntimeTable.tsx";
import { TogetherChoice } from "./TogetherChoice.tsx";
import { useTogether } from "./together.ts";
import { Verification, type Verified } from "./Verification.tsx";
import { Verifier } from "./Verifier.tsx";

const secondsField = fieldsOf(verifyOptionsSchema).seconds;

/** What was asked is asked again when the dialog opens again. */
function close(): void {
  changeExport({ asking: false });
  closeDialog();
}

/** Writes the live plan as deployable files, and shows what was predicted beside what is measured on them. */
export function ExportDialog() {
  const project = useProject((state) => state.project);
  const { result, again } = useExportForm();
  const isExported = useDesign((design) => result !== null && isSamePlan(result.plan, livePlanOf(design)));
  const running = useJobs((jobs) => jobs.export !== undefined);
  const { chosen } = useTogether();
  if (!project) return null;
  const shown = isExported && !again && !running ? result : null;
  return (
    <Dialog
      title={shown ? "Exported" : "Export the live plan"}
      open
      wide
      onClose={close}
      actions={shown ? <ResultActions result={shown} /> : <FormActions />}
    >
      <div className={styles.body}>
        <PlanLine together={shown ? shown.together : chosen} />
        <Failure />
        {running ? (
          <StageProgress kind="export" title="Exporting" stages={["export", "load", "verify"]} />
        ) : shown ? (
          <Result result={shown} />
        ) : (
          <Form />
        )}
      </div>
    </Dialog>
  );
}

function Failure() {
  const error = useExportForm((form) => form.error);
  if (!error) return null;
  return (
    <div className={surfaceStyles.error} role="alert">
      <p>{error}</p>
      <p className={textStyles.soft}>
        Nothing that is half done was left in the folder. Change a choice or try again.
      </p>
    </div>
  );
}

/** What an export would do now, and why it would leave something out. */
function useExportChoice() {
  const project = useOpenProject();
  const offers = useEngine((state) => state.offers);
  const { switched, points, report, verify, verifyOn, verifySeconds } = useExportForm();
  const offered = useOfferedPoints();
  useFleetWatch();
  const workers = useThere();
  const profile = useTargetProfile();
  const isHere = profile !== undefined && isThisMachine(profile.target, offers);
  const verifier = verifierOf(verifyOn, profile, isHere, workers);
  const noVerification = obstacleToVerifying(project, verifier !== undefined);
  const verifies = verify && noVerification === undefined;
  const useCase = useDesign((design) => design.useCase);
  const { chosen: together } = useTogether();
  const noReport = obstacleToReport(project, profile, useCase, verifies, together !== undefined);
  const formats = (offers?.exportFormats ?? [])
    .filter((format) => isChosen(format, switched))
    .map(({ id }) => id);
  return {
    noVerification,
    noReport,
    isHere,
    choice: {
      together,
      formats,
      points: chosenPoints(offered, points),
      verify: verifies,
      verifying: { seconds: verifySeconds },
      report: report && noReport === undefined,
      verifier: verifier ?? null,
    },
  };
}

/** Workers that are there. */
function useThere(): readonly WorkerState[] {
  const workers = useFleet((fleet) => fleet.workers);
  return useMemo(
    () => workers.flatMap(({ state, goneAtMs }) => (goneAtMs === null ? [state] : [])),
    [workers],
  );
}

function Form() {
  const asking = useExportForm((form) => form.asking);
  const { chosen } = useTogether();
  return (
    <>
      <ExportVerdict together={chosen} />
      {asking ? <MissQuestion /> : <Choices />}
    </>
  );
}

function ExportVerdict({ together }: { readonly together: Fitted | undefined }) {
  return <Statements statements={useExportVerdict(together)} />;
}

/** Whoever exports a plan that misses what was wanted knows it. */
function MissQuestion() {
  return (
    <p className={surfaceStyles.error} role="alert">
      The live plan misses the use case, as said above. Export it all the same?
    </p>
  );
}

function Choices() {
  const formats = useEngine(({ offers }) => offers?.exportFormats ?? []);
  const { switched, folder } = useExportForm();
  const { noVerification, noReport, isHere, choice } = useExportChoice();
  return (
    <>
      <fieldset className={styles.group}>
        <legend>Files</legend>
        {formats.map((format) => (
          <CheckField
            key={format.id}
            label={format.title}
            hint={format.purpose}
            checked={isChosen(format, switched)}
            onCheck={(on) => chooseFormat(format.id, on)}
          />
        ))}
        <RuntimeTable />
      </fieldset>
      <TogetherChoice />
      <PointChoice />
      <fieldset className={styles.group}>
        <legend>Proof</legend>
        <CheckField
          label="Verify"
          hint={
            noVerification ??
            "Runs the exported file on the test split and shows what is measured beside what was predicted."
          }
          checked={choice.verify}
          disabled={noVerification !== undefined}
          onCheck={(checked) => changeExport({ verify: checked })}
        />
        {choice.verify && choice.verifier === null && <OtherWork />}
        {choice.verify && <Verifier verifier={choice.verifier} isHere={isHere} />}
        {choice.verify && (
          <NumberField
            label="Time to verify"
            hint={
              choice.points.length > 0
                ? `${secondsField.hint}; each operating point takes as long again`
                : secondsField.hint
            }
            unit="s"
            value={choice.verifying.seconds}
            min={secondsField.min}
            max={secondsField.max}
            step="any"
            onCommit={(seconds) => changeExport({ verifySeconds: seconds })}
          />
        )}
        <CheckField
          label="Report"
          hint={
            noReport ?? "One HTML page with the plan, the charts and all figures, to read and to pass on."
          }
          checked={choice.report}
          disabled={noReport !== undefined}
          onCheck={(checked) => changeExport({ report: checked })}
        />
      </fieldset>
      <div className={styles.folder}>
        <span className={textStyles.strong}>Folder</span>
        <span className={`${layoutStyles.space} ${folder ? textStyles.whole : textStyles.soft}`}>
          {folder ?? "none chosen yet"}
        </span>
        <Button icon={<FolderOpen size={14} />} onClick={() => void chooseFolder().catch(notifyError)}>
          {folder ? "Change…" : "Choose…"}
        </Button>
      </div>
    </>
  );
}

function FormActions() {
  const folder = useExportForm((form) => form.folder);
  const running = useJobs((jobs) => jobs.export !== undefined);
  const changing = useChanging();
  const { choice } = useExportChoice();
  const asking = useExportForm((form) => form.asking);
  const misses = missesIn(useExportVerdict(choice.together)).length > 0;
  const start = () => (misses && !asking ? changeExport({ asking: true }) : void exportLivePlan(choice));
  const missing = !folder
    ? "Choose a folder first"
    : choice.formats.length === 0
      ? "Choose at least one form of files"
      : changing
        ? "Another stage is under way"
        : undefined;
  return (
    <>
      <PlanButtons plan={choice.together?.plan} />
      {asking ? (
        <Button onClick={() => changeExport({ asking: false })}>Back</Button>
      ) : (
        <Button onClick={close}>{running ? "Hide" : "Cancel"}</Button>
      )}
      <Button look="primary" disabled={running || missing !== undefined} title={missing} onClick={start}>
        {asking ? "Export anyway" : "Export"}
      </Button>
    </>
  );
}

/** @param props.plan what is exported in the live one's place */
function PlanButtons({ plan }: { readonly plan: Plan | undefined }) {
  return (
    <div className={styles.left}>
      <Button look="quiet" icon={<Save size={14} />} onClick={() => void savePlan(plan)}>
        Save plan.json…
      </Button>
      <Button look="quiet" icon={<Copy size={14} />} onClick={() => void copyPlan(plan)}>
        Copy plan as JSON
      </Button>
    </div>
  );
}

interface ResultProps {
  readonly result: ExportResult & Exported;
}

function Result({ result }: ResultProps) {
  const { folder, files, verification, verifiedOn, unverified, points, together } = result;
  return (
    <>
      {verification ? (
        <Verification verification={verification} on={verifiedOn} points={points} />
      ) : (
        <>
          <ExportVerdict together={together} />
          <p className={surfaceStyles.warning}>
            Not verified: {unverified ?? "verification was switched off"}
          </p>
        </>
      )}
      <div>
        <p className={textStyles.whole}>{folder}</p>
        <ul className={styles.files}>
          {files.map((file) => (
            <li key={file}>{file.startsWith(folder) ? file.slice(folder.length + 1) : file}</li>
          ))}
        </ul>
      </div>
    </>
  );
}

function ResultActions({ result: { folder, verification } }: ResultProps) {
  return (
    <>
      <div className={styles.left}>
        <Button look="quiet" onClick={() => changeExport({ again: true, asking: false })}>
          Export again…
        </Button>
      </div>
      {verification && <CopySummary verified={verification} />}
      <Button
        icon={<FolderOpen size={14} />}
        onClick={() => void call("shell.show", { path: folder }).catch(notifyError)}
      >
        Open folder
      </Button>
      <Button look="primary" onClick={closeDialog}>
        Done
      </Button>
    </>
  );
}

function CopySummary({ verified }: { readonly verified: Verified }) {
  const copySummary = async () => {
    await call("clipboard.write", { text: verifiedText(verified.verdict, verified) });
    notify("The summary is on the clipboard.");
  };
  return (
    <Button icon={<Copy size={14} />} onClick={() => void copySummary().catch(notifyError)}>
      Copy summary
    </Button>
  );
}
