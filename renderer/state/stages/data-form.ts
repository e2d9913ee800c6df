import { create } from "zustand";
import { networkViews, type ProjectView } from "../../../shared/files/project-view.ts";
import type { ClassChoice, Request } from "../../../shared/ipc/channels.ts";
import type { DataView as InspectedData } from "../../../shared/ipc/images.ts";
import type { Alternative, BackboneCheck } from "../../../shared/model/backbone-check.ts";
import { mappingOfNames, namesInOrder } from "../../../shared/model/class-mapping.ts";
import { type Preprocess, preprocessPresets } from "../../../shared/model/preprocess.ts";
import {
  defaultSplitLimits,
  type SplitOptions,
  splitOptionsSchema,
} from "../../../shared/model/stage-options.ts";
import type { DataDraft } from "../../../shared/presentation/progress/stage-state.ts";
import { likelyPreset, presetsFor } from "../../ui/preprocess-text.ts";
import { call } from "../call.ts";
import { messageOf } from "../error-message.ts";
import { failureOf, runJob, useJobs } from "../job-store.ts";
import { notifyError } from "../notice-store.ts";
import { useProject } from "../project-store.ts";
import { dataExists } from "./data-exists.ts";

/** What heads would be trained with: where the images lie, and how they become the model's input. */
export interface DataChoice {
  readonly path: string | null;
  readonly preprocess: Preprocess;
  readonly splits: SplitOptions;
  /** The order of the classes that the person chose; null leaves it to the data set. */
  readonly classes: ClassChoice | null;
}

interface DataForm extends DataChoice {
  /** The data set as the engine saw it last; may be of an earlier choice while the next look is under way. */
  readonly view: InspectedData | null;
  readonly error: string | null;
  /** It was there, and isn't any more. */
  readonly isGone: boolean;
  /** How the backbone does on training images with this choice; null while that isn't known. */
  readonly check: BackboneCheck | null;
  /** The person wants to train even if the backbone is no better than chance. */
  readonly force: boolean;
  /** The backbone's accuracy (0-1) under each preset that was tried, by its id. */
  readonly trials: Readonly<Record<string, number>>;
  readonly trying: boolean;
  /** The choice that the project's heads were trained with. */
  readonly trained: DataChoice | null;
}

/** Nothing is known yet of the data set that is chosen. */
const unread = {
  classes: null,
  view: null,
  error: null,
  isGone: false,
  check: null,
  force: false,
  trials: {},
};

const emptyForm: DataForm = {
  ...unread,
  path: null,
  preprocess: preprocessPresets[0].preprocess,
  splits: { ...splitOptionsSchema.parse({}), ...defaultSplitLimits },
  trying: false,
  trained: null,
};

export const useDataForm = create<DataForm>()(() => emptyForm);

/** Starts from what the project knows. */
export function resetDataForm(project: ProjectView | null): void {
  useDataForm.setState(project ? formOf(project) : emptyForm);
}

/** A project with data starts from what its heads were trained with. */
function formOf(project: ProjectView): DataForm {
  const { data, preprocess, backbone } = project;
  const learns = networkViews(project).some((network) => network.backbone.readyExits.length === 0);
  const splits = withLearning(emptyForm.splits, learns);
  const start = { ...emptyForm, splits, preprocess: preprocess ?? likelyPreset(backbone.input).preprocess };
  if (!data) return start;
  const parsed = splitOptionsSchema.safeParse(data.splitOptions);
  const choice = {
    path: data.path,
    preprocess: start.preprocess,
    splits: parsed.success ? parsed.data : emptyForm.splits,
    classes: null,
  };
  return { ...start, ...choice, trained: choice };
}

/** No images have to be kept back to learn from where nothing learns. */
function withLearning({ nothingLearns: _, ...splits }: SplitOptions, learns: boolean): SplitOptions {
  return learns ? splits : { ...splits, nothingLearns: true };
}

/** Heads are to be trained, or none are any more: the engine divides the images by that. */
export function changeLearning(learns: boolean): void {
  const { splits } = useDataForm.getState();
  if (learns !== (splits.nothingLearns === true)) return;
  useDataForm.setState({ splits: withLearning(splits, learns) });
  inspectSoon();
}

export function choiceOf({ path, preprocess, splits, classes }: DataChoice): DataChoice {
  return { path, preprocess, splits, classes };
}

/** A choice as the engine takes it; undefined without a data set. */
export function requestOf({ path, classes, ...rest }: DataChoice): Request<"data.inspect"> | undefined {
  return path === null ? undefined : { ...rest, path, classes: classes ?? undefined };
}

export function draftOf(form: DataForm): DataDraft {
  const { trained } = form;
  const facts = ({ path, preprocess, splits, classes }: DataChoice) =>
    JSON.stringify([path, preprocess, withLearning(splits, true), classes?.names]);
  const differs = trained !== null && facts(form) !== facts(trained);
  const isRead = form.view !== null && form.error === null;
  return { chosen: isRead && !form.isGone, gone: isRead && form.isGone ? form.path : null, differs };
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
  useDataForm.setState({ ...unread, path });
  inspectSoon(0);
}

/** What was chosen has gone from its place, or is there again. */
export function showGone(path: string, isGone: boolean): void {
  const form = useDataForm.getState();
  if (form.path === path && form.isGone !== isGone) useDataForm.setState({ isGone });
}

/** Asks for a file that lists the model's classes in their order. @returns undefined if there is none or it can't be read */
export async function askForClasses(): Promise<ClassChoice | undefined> {
  try {
    const { path } = await call("dialog.open", { purpose: "classList" });
    return path ? await call("data.classes", { path }) : undefined;
  } catch (error) {
    notifyError(error);
    return undefined;
  }
}

/** The same, and numbers the data set's classes by it. */
export async function chooseClasses(): Promise<void> {
  const classes = await askForClasses();
  if (classes) changeClasses(classes);
}

export function changeClasses(classes: ClassChoice | null): void {
  useDataForm.setState({ classes });
  inspectSoon(0);
}

/** Chooses what the backbone does far better with. */
export function takeAlternative({ preprocess, classNames }: Alternative): void {
  const { classes, preprocess: present, view } = useDataForm.getState();
  const names = classNames && view && namesInOrder(mappingOfNames(classNames, view.classNames), view);
  useDataForm.setState({
    preprocess: preprocess ?? present,
    classes: names ? { names, from: "the list that was offered" } : classes,
  });
  inspectSoon(0);
}

export function changePreprocess(preprocess: Preprocess): void {
  useDataForm.setState({ preprocess });
  inspectSoon();
}

export function changeSplits(change: Partial<SplitOptions>): void {
  const splits = { ...useDataForm.getState().splits, ...change };
  const parsed = splitOptionsSchema.safeParse(splits);
  if (!parsed.success) {
    useDataForm.setState({ error: parsed.error.issues[0].message });
    return;
  }
  useDataForm.setState({ splits: parsed.data });
  inspectSoon();
}

/** The person wants to train though the backbone is no better than chance, or not. */
export function insistOnTraining(force: boolean): void {
  useDataForm.setState({ force });
}

/** Heads have been trained with this. */
export function rememberTrained(trained: DataChoice): void {
  useDataForm.setState({ trained });
}

/** Back to what the project's heads were trained with. */
export function undoDataChanges(): void {
  const { trained } = useDataForm.getState();
  if (trained) useDataForm.setState({ ...trained, view: null, error: null, check: null, trials: {} });
}

/** Typing in several fields causes one inspection. */
const debounceMs = 350;

let inspectTimer: ReturnType<typeof setTimeout> | undefined;
let lastInspection = 0;
let inspecting: Promise<unknown> = Promise.resolve();

/** Inspects the data once nothing has changed for a moment; an inspection of something older is stopped. */
export function inspectSoon(delayMs = debounceMs): void {
  clearTimeout(inspectTimer);
  inspectTimer = setTimeout(() => void inspectNow(), delayMs);
}

async function inspectNow(): Promise<void> {
  const turn = ++lastInspection;
  useJobs.getState().data?.stop();
  stopCheck();
  await Promise.all([inspecting, checking]);
  if (turn !== lastInspection) return;
  const choice = choiceOf(useDataForm.getState());
  if (choice.path === null) return;
  useDataForm.setState({ error: null, check: null, force: false });
  const inspection = inspect(choice, (error) => {
    if (turn === lastInspection) useDataForm.setState({ error: messageOf(error), view: null });
  });
  inspecting = inspection;
  const view = await inspection;
  if (!view || turn !== lastInspection) return;
  useDataForm.setState({ view, error: null });
  await checkChoice();
}

let checking: Promise<unknown> = Promise.resolve();

/** Work that trains or measures goes first; what it needs to know of the data it finds out itself. */
export function stopCheck(): void {
  useJobs.getState().check?.stop();
}

/** Finds out how the backbone does on training images, while the person looks at the data. */
export async function checkChoice(): Promise<void> {
  const choice = choiceOf(useDataForm.getState());
  const request = requestOf(choice);
  if (!request) return;
  const onFailure = (error: unknown) => void tellUnlessGone(request.path, error);
  const asking = runJob("check", "data.check", request, { onFailure });
  checking = asking;
  const check = await asking;
  const isCurrent = JSON.stringify(choice) === JSON.stringify(choiceOf(useDataForm.getState()));
  if (check && isCurrent) useDataForm.setState({ check });
}

/** That images can't be read any more says the panel, where their folder has gone. */
async function tellUnlessGone(path: string, error: unknown): Promise<void> {
  const isGone = !(await dataExists(path).catch(() => true));
  if (isGone) showGone(path, true);
  else failureOf("check")(error);
}

async function inspect(
  choice: DataChoice,
  onFailure: (error: unknown) => void,
): Promise<InspectedData | undefined> {
  const request = requestOf(choice);
  return request && runJob("data", "data.inspect", request, { onFailure });
}

/** Looks at the data under every preset that fits the model, and takes the one that the backbone does best with. */
export async function tryPresets(): Promise<void> {
  const { project } = useProject.getState();
  if (!project || useDataForm.getState().trying) return;
  stopCheck();
  await Promise.all([inspecting, checking]);
  useDataForm.setState({ trying: true, trials: {}, error: null });
  const start = choiceOf(useDataForm.getState());
  let best: { readonly preprocess: Preprocess; readonly view: InspectedData } | undefined;
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
  useDataForm.setState({ trying: false, ...(best && here ? { ...best, check: null, force: false } : {}) });
  if (here) await checkChoice();
}
