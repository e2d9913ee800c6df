import { assertNever } from "../../base/errors.ts";
import { asSentence } from "../../base/sentence.ts";
import { cameWith, uncalibratedExits } from "../words/ready-exits.ts";
import {
  type JobKind,
  type StageInputs,
  type StageName,
  type StageState,
  stageNames,
  stageStates,
} from "./stage-state.ts";

/** What has to be done next on the way from a model to plans. */
export interface NextStep {
  /** The stage whose panel does it. */
  readonly stage: StageName;
  /** It is under way: there is nothing to press. */
  readonly isRunning: boolean;
  /** A button's words: `Choose a data set…`; of what is under way what it does: `Profiling the target…`. */
  readonly action: string;
  /** What it is called behind `Next:`. */
  readonly name: string;
  /** What figures and plans still lack, as a sentence; empty where they lack nothing. */
  readonly lacks: string;
}

/**
 * The one thing to do next: what runs, else what needs the person, else what is stale, else an export that wasn't made yet. All calls
 * to action read it, so they never contradict each other.
 * @returns null where nothing is left to do, or nothing can be: a model without cut points
 */
export function nextStep(inputs: StageInputs): NextStep | null {
  const states = stageStates(inputs);
  for (const kind of ["running", "needs-you", "stale", "ready"] as const) {
    const stage = stageNames.find((name) => states[name].kind === kind);
    if (stage) return stepAt(stage, states[stage], inputs);
  }
  return null;
}

function stepAt(stage: StageName, state: StageState, inputs: StageInputs): NextStep {
  const common = { stage, name: namesOf[stage] };
  if (state.kind === "running")
    return { ...common, isRunning: true, action: `${runningWords(state.job, inputs)}…`, lacks: "" };
  if (state.kind === "stale")
    return {
      ...common,
      isRunning: false,
      action: `${againWords[stage]}…`,
      lacks: state.why ? asSentence(state.why) : "",
    };
  return { ...common, isRunning: false, action: `${actionAt(stage, inputs)}…`, lacks: lackAt(stage, inputs) };
}

const namesOf: Readonly<Record<StageName, string>> = {
  model: "model",
  data: "data",
  heads: "heads",
  profile: "target",
  search: "search",
  export: "export",
};

const againWords: Readonly<Record<StageName, string>> = {
  model: "Open the model again",
  data: "Choose a data set again",
  heads: "Train the heads again",
  profile: "Profile again",
  search: "Search again",
  export: "Export the live plan again",
};

function actionAt(stage: StageName, { project }: StageInputs): string {
  const hasHeads = project.heads.length > 0;
  switch (stage) {
    case "model":
      return "Open a model";
    case "data":
      return "Choose a data set";
    case "heads":
      return uncalibratedExits(project).length > 0 ? "Calibrate the exits" : "Train the heads";
    case "profile":
      return hasHeads ? "Profile a target" : "Choose the target and run all";
    case "search":
      return "Search for plans";
    case "export":
      return "Export the live plan";
    default:
      return assertNever(stage);
  }
}

function lackAt(stage: StageName, { project }: StageInputs): string {
  const ready = uncalibratedExits(project).length;
  const hasHeads = project.heads.length > 0;
  if (stage === "data")
    return ready > 0
      ? `${cameWith(ready)}, to be calibrated on a labelled data set.`
      : "It needs exit heads, which a labelled data set trains.";
  if (stage === "profile" && !hasHeads)
    return ready > 0
      ? `${cameWith(ready)}, to be calibrated on the chosen data set and timed on a target.`
      : "It needs exit heads, which the chosen data set trains, and the latencies of a target.";
  if (stage === "profile") return "It needs the latencies of a target.";
  return stage === "search" ? "A search finds them." : "";
}

function runningWords(job: JobKind, { project }: StageInputs): string {
  switch (job) {
    case "open":
      return "Opening a model";
    case "member":
      return "Adding a network";
    case "data":
      return "Looking at the images";
    case "check":
      return "Checking the backbone";
    case "answers":
      return "Asking the backbone";
    case "train":
      return uncalibratedExits(project).length > 0 ? "Calibrating the exits" : "Training the heads";
    case "tune":
      return "Tuning a network";
    case "profile":
      return "Profiling the target";
    case "reference":
      return "Measuring a reference model";
    case "robustness":
      return "Trying corrupted images";
    case "search":
      return "Searching for plans";
    case "ensemble":
      return "Fitting exits to each other";
    case "export":
      return "Exporting the live plan";
    case "field":
      return "Comparing the field with calibration";
    default:
      return assertNever(job);
  }
}
