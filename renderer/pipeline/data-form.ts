import { create } from "zustand";
import { type Preprocess, preprocessPresets } from "../../shared/domain/preprocess.ts";
import type { ProjectView } from "../../shared/domain/project-view.ts";
import {
  defaultSplitLimits,
  type SplitOptions,
  splitOptionsSchema,
} from "../../shared/domain/stage-options.ts";
import type { DataView as DataLook } from "../../shared/ipc/images.ts";
import { call } from "../bridge/call.ts";
import { messageOf } from "../stores/error-message.ts";
import { runJob, useJobs } from "../stores/job-store.ts";
import { notifyError } from "../stores/notice-store.ts";
import { useProject } from "../stores/project-store.ts";
import { likelyPreset, presetsFor } from "./preprocess-text.ts";
import { onProjectOpened } from "./project-opened.ts";
import type { DataDraft } from "./stage-state.ts";

/** What heads would be trained with: where the images lie, and how they become the model's input. */
export interface DataChoice {
  readonly path: string | null;
  readonly preprocess: Preprocess;
  readonly splits: SplitOptions;
}

interface DataForm extends DataChoice {
  /** The data set as the engine saw it last; may be of an earlier choice while the next look is under way. */
  readonly view: DataLook | null;
  readonly error: string | null;
  /** The backbone's accuracy (0-1) under each preset that was tried, by its id. */
  readonly trials: Readonly<Record<string, number>>;
  readonly trying: boolean;
  /** The choice that the project's heads were trained with. */
  readonly trained: DataChoice | null;
}

const emptyForm: DataForm = {
  path: null,
  preprocess: preprocessPresets[0].preprocess,
  splits: { ...splitOptionsSchema.parse({}), ...defaultSplitLimits },
  view: null,
  error: null,
  trials: {},
  trying: false,
  trained: null,
};

export const useDataForm = create<DataForm>()(() => emptyForm);

onProjectOpened((project) => useDataForm.setState(project ? formOf(project) : emptyForm));

/** A project with data starts from what its heads were trained with. */
function formOf({ data, preprocess, backbone }: ProjectView): DataForm {
  const start = { ...emptyForm, preprocess: preprocess ?? likelyPreset(backbone.input).preprocess };
  if (!data) return start;
  const parsed = splitOptionsSchema.safeParse(data.splitOptions);
  const choice = {
    path: data.path,
    preprocess: start.preprocess,
    splits: parsed.success ? parsed.data : emptyForm.splits,
  };
  return { ...start, ...choice, trained: choice };
}

export function choiceOf({ path, preprocess, splits }: DataChoice): DataChoice {
  return { path, preprocess, splits };
}

export function draftOf(form: DataForm): DataDraft {
  const { path, preprocess, splits, trained } = form;
  const differs =
    trained !== null &&
    JSON.stringify([path, preprocess, splits]) !==
      JSON.stringify([trained.path, trained.preprocess, trained.splits]);
  return { chosen: form.view !== null && form.error === null, differs };
}

/** Asks for a folder or a file. */
export async function chooseData(purpose: "dataFolder" | "dataFile"): Promise<void> {
  try {
    const { path } = await call("dialog.open", { purpose });
    if (path) takeData(path);
  } catch (error) {
    notifyError(error);
  }
}

export function takeData(path: string): void {
  useDataForm.setState({ path, view: null, error: null, trials: {} });
  lookSoon(0);
}

export function changePreprocess(preprocess: Preprocess): void {
  useDataForm.setState({ preprocess });
  lookSoon();
}

export function changeSplits(change: Partial<SplitOptions>): void {
  const splits = { ...useDataForm.getState().splits, ...change };
  const parsed = splitOptionsSchema.safeParse(splits);
  if (!parsed.success) {
    useDataForm.setState({ error: parsed.error.issues[0].message });
    return;
  }
  useDataForm.setState({ splits: parsed.data });
  lookSoon();
}

/** Back to what the project's heads were trained with. */
export function undoDataChanges(): void {
  const { trained } = useDataForm.getState();
  if (trained) useDataForm.setState({ ...trained, view: null, error: null, trials: {} });
}

/** Typing in several fields makes one look. */
const settleMs = 350;

let lookTimer: ReturnType<typeof setTimeout> | undefined;
let lastLook = 0;
let looking: Promise<unknown> = Promise.resolve();

/** Looks at the data once nothing has changed for a moment; a look at something older is stopped. */
export function lookSoon(delayMs = settleMs): void {
  clearTimeout(lookTimer);
  lookTimer = setTimeout(() => void look(), delayMs);
}

async function look(): Promise<void> {
  const turn = ++lastLook;
  useJobs.getState().data?.stop();
  await looking;
  if (turn !== lastLook) return;
  const choice = choiceOf(useDataForm.getState());
  if (choice.path === null) return;
  useDataForm.setState({ error: null });
  const seeing = inspect(choice, (error) => {
    if (turn === lastLook) useDataForm.setState({ error: messageOf(error), view: null });
  });
  looking = seeing;
  const view = await seeing;
  if (view && turn === lastLook) useDataForm.setState({ view, error: null });
}

async function inspect(
  { path, preprocess, splits }: DataChoice,
  onFailure: (error: unknown) => void,
): Promise<DataLook | undefined> {
  return runJob("data", "data.inspect", { path: path!, preprocess, splits }, { onFailure });
}

/** Looks at the data under every preset that fits the model, and takes the one that the backbone does best with. */
export async function tryPresets(): Promise<void> {
  const { project } = useProject.getState();
  if (!project || useDataForm.getState().trying) return;
  await looking;
  useDataForm.setState({ trying: true, trials: {}, error: null });
  const start = choiceOf(useDataForm.getState());
  let best: { readonly preprocess: Preprocess; readonly view: DataLook } | undefined;
  for (const { id, preprocess } of presetsFor(project.backbone.input.channels)) {
    let failed = false;
    const view = await inspect({ ...start, preprocess }, () => {
      failed = true;
    });
    // A preset may not fit the images; a stop ends the trial.
    if (failed) continue;
    if (!view || useDataForm.getState().path !== start.path) break;
    useDataForm.setState(({ trials }) => ({ trials: { ...trials, [id]: view.accuracy } }));
    if (!best || view.accuracy > best.view.accuracy) best = { preprocess, view };
  }
  const here = useDataForm.getState().path === start.path;
  useDataForm.setState({ trying: false, ...(best && here ? best : {}) });
}
