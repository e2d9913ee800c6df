import { type ReactNode, useEffect } from "react";
import { z } from "zod";
import { asSentence } from "../../../shared/base/sentence.ts";
import { networkViews } from "../../../shared/files/project-view.ts";
import { trainingFolder } from "../../../shared/files/training-folder.ts";
import { tuneOptionsSchema } from "../../../shared/model/tune-options.ts";
import { describePython } from "../../../shared/presentation/words/describe-python.ts";
import { useCutPointNames } from "../../state/cut-point-names.ts";
import { useDesign } from "../../state/design-store.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import { useOpenProject } from "../../state/project-store.ts";
import {
  choosePython,
  chosenPython,
  forgetPython,
  lookForPython,
  usePython,
} from "../../state/stages/python.ts";
import { useChanging } from "../../state/stages/run-stages.ts";
import {
  chooseFolder,
  obstacleToTuning,
  startTuning,
  takeResults,
  useTuning,
  writeTuning,
} from "../../state/stages/tuning.ts";
import {
  changeTuning,
  plannedExits,
  type TuningForm as TuningFormState,
  tunedExitChoices,
  tunedNetwork,
  useTuningForm,
} from "../../state/stages/tuning-form.ts";
import { Button } from "../../ui/Button.tsx";
import { NumberField, SelectField } from "../../ui/Field.tsx";
import { Idea } from "../../ui/Idea.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { OptionFields } from "../../ui/OptionFields.tsx";
import styles from "../../ui/panel.module.css";
import textStyles from "../../ui/text.module.css";
import ownStyles from "./Tuning.module.css";

/** What people change most; the rest of the recipe is folded away. */
const first = { epochs: true, batchSize: true, learningRate: true, protect: true } as const;
const firstSchema = z.toJSONSchema(tuneOptionsSchema.pick(first), { io: "input" });
const furtherSchema = z.toJSONSchema(tuneOptionsSchema.omit(first), { io: "input" });

/** What is tuned, how, with which Python and where. */
export function TuningForm() {
  const project = useOpenProject();
  const obstacle = obstacleToTuning(project);
  if (obstacle !== undefined) return <p className={textStyles.note}>{obstacle}</p>;
  return (
    <>
      {project.members.every(({ tunedFrom }) => tunedFrom === undefined) && (
        <Idea idea="tuning">
          With a frozen backbone early exits see only what the last one needs. Tuning trains the backbone and
          some exits together; the result joins the project as one more network of the same latencies.
        </Idea>
      )}
      <NetworkChoice />
      <ExitsChoice />
      <Recipe />
      <PythonChoice />
      <FolderChoice />
      <Start />
    </>
  );
}

function NetworkChoice() {
  const project = useOpenProject();
  const titles = useNetworkTitles();
  const form = useTuningForm();
  const networks = networkViews(project).map(({ backbone }) => backbone.sha256);
  if (networks.length === 1) return null;
  return (
    <SelectField
      label="Network"
      choices={networks.map((sha256) => ({ value: sha256, label: titles.whole(sha256) }))}
      value={tunedNetwork(form, project)}
      onChoose={(network) => changeTuning({ network })}
    />
  );
}

function ExitsChoice() {
  const project = useOpenProject();
  const exits = useTuningForm((form) => form.exits);
  const planned = usePlannedExits();
  const nameOf = useCutPointNames();
  const network = useTunedNetwork();
  const member = network === project.backbone.sha256 ? undefined : network;
  const places = planned.map(({ cutPoint }) => nameOf(cutPoint, member)).join(", ");
  const isPlan = exits === "plan" && planned.length > 0;
  return (
    <SelectField
      label="Exits"
      choices={tunedExitChoices(project, network)}
      value={isPlan ? "plan" : "front"}
      hint={isPlan ? `${places}. Only these are there afterwards.` : undefined}
      onChoose={(value) => changeTuning({ exits: value as TuningFormState["exits"] })}
    />
  );
}

function useTunedNetwork(): string {
  const project = useOpenProject();
  const form = useTuningForm();
  return tunedNetwork(form, project);
}

function usePlannedExits() {
  const project = useOpenProject();
  const design = useDesign();
  return plannedExits(design, project, useTunedNetwork());
}

function Recipe() {
  const { options, processes } = useTuningForm();
  const fields = {
    values: options,
    onChange: (key: string, value: unknown) => changeTuning({ options: { ...options, [key]: value } }),
  };
  return (
    <>
      <OptionFields schema={firstSchema} {...fields} />
      <details className={styles.details}>
        <summary>Recipe</summary>
        <div className={layoutStyles.column}>
          <OptionFields schema={furtherSchema} {...fields} />
          <NumberField
            label="Processes"
            hint="Started by torchrun: one for each GPU"
            min={1}
            max={1024}
            step={1}
            value={processes}
            onCommit={(value) => changeTuning({ processes: Math.round(value) })}
          />
        </div>
      </details>
    </>
  );
}

/** What was chosen in a dialog of the system, and the button that opens it. */
function Choice({
  label,
  button,
  disabled,
  onChoose,
  children,
}: {
  readonly label: string;
  readonly button: string;
  readonly disabled?: boolean;
  onChoose(): void;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className={layoutStyles.group}>
      <legend>{label}</legend>
      <div className={ownStyles.choice}>
        <div>{children}</div>
        <Button disabled={disabled} onClick={onChoose}>
          {button}
        </Button>
      </div>
    </fieldset>
  );
}

/** Which Python it is, and whether it has what tuning needs. */
function PythonChoice() {
  const { isLooking } = usePython();
  const changing = useChanging();
  // Not while something is timed.
  useEffect(() => {
    if (!changing) void lookForPython();
  }, [changing]);
  return (
    <Choice label="Python" button="Other Python…" disabled={isLooking} onChoose={() => void choosePython()}>
      <PythonState />
    </Choice>
  );
}

function PythonState() {
  const { python, error } = usePython();
  if (error)
    return (
      <div className={layoutStyles.start}>
        <p className={textStyles.bad} role="alert">
          {asSentence(error)}
        </p>
        {chosenPython() !== null && <Button onClick={() => void forgetPython()}>Look for one</Button>}
      </div>
    );
  if (!python) return <p className={textStyles.note}>Looking for PyTorch…</p>;
  return (
    <>
      <p className={textStyles.whole}>{describePython(python)}</p>
      <p className={`${textStyles.note} ${textStyles.whole}`}>{python.path}</p>
    </>
  );
}

function FolderChoice() {
  const folder = useTuningForm((form) => form.folder);
  const projectPath = useOpenProject((project) => project.projectPath);
  const shown = folder ?? (projectPath === null ? null : trainingFolder(projectPath));
  const choose = async () => {
    const chosen = await chooseFolder();
    if (chosen !== null) changeTuning({ folder: chosen });
  };
  return (
    <Choice label="Folder" button="Other folder…" onChoose={() => void choose()}>
      <p className={shown === null ? undefined : textStyles.whole}>{shown ?? "Among the app's own files"}</p>
      <p className={textStyles.note}>
        Holds network.py, train.py and the images; tuning goes on there after a stop or a crash.
      </p>
    </Choice>
  );
}

function Start() {
  const titles = useNetworkTitles();
  const network = useTunedNetwork();
  const changing = useChanging();
  const hasPython = usePython(({ python }) => python !== null);
  const end = useTuning((state) => state.end);
  const goesOn = end !== null && end !== "done";
  return (
    <>
      <Button
        look="primary"
        className={styles.wide}
        disabled={changing || !hasPython}
        onClick={() => void startTuning()}
      >
        {goesOn ? "Go on tuning" : "Tune"} {titles.whole(network)}
      </Button>
      <div className={layoutStyles.wrap}>
        <Button
          title="Write all that the training needs, to run it on another machine"
          disabled={changing}
          onClick={() => void writeTuning()}
        >
          Write folder only…
        </Button>
        <Button
          title="Take back what was trained in a folder, here or elsewhere"
          disabled={changing}
          onClick={() => void takeResults()}
        >
          Take results…
        </Button>
      </div>
    </>
  );
}
