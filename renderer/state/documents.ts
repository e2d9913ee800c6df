import { asSentence } from "../../shared/base/sentence.ts";
import type { ProjectView } from "../../shared/files/project-view.ts";
import type { Opened, Request } from "../../shared/ipc/channels.ts";
import { learnRecentFiles } from "./app-info.ts";
import { call } from "./call.ts";
import { useDesign } from "./design-store.ts";
import { takeWaiting } from "./drop/waiting.ts";
import { failureOf, runJob, useJobs } from "./job-store.ts";
import { askForOutput, asksForInputSize, asksForOutput, dropQuestions } from "./model-questions.ts";
import { type NoticeLife, notify, notifyError } from "./notice-store.ts";
import {
  isEdited,
  projectName,
  showClosed,
  showOpened,
  showOpening,
  showSaved,
  showUnsaved,
  useProject,
} from "./project-store.ts";
import { openPanel, showNothing } from "./view-store.ts";

/**
 * Opens a model or a project that the person has chosen, after asking about unsaved changes. A project that is open in another
 * window is shown there instead.
 */
export async function openPath(path: string): Promise<void> {
  if (path.toLowerCase().endsWith(".offramp")) await openProject(path);
  else await openModel(path);
}

async function openProject(path: string): Promise<void> {
  // If that can't be asked, opening it says what is wrong.
  const { isShown } = await call("window.showHolder", { path }).catch(() => ({ isShown: false }));
  if (!isShown) await open(fileName(path), () => runJob("open", "project.open", { path }));
}

/** What a model may leave open; it's asked for if such a model comes without. */
type ModelOptions = Pick<Request<"model.open">, "inputSize" | "output">;

async function openModel(path: string): Promise<void> {
  await open(fileName(path), () => loadModel(path, {}));
}

function loadModel(path: string, options: ModelOptions): Promise<Opened | undefined> {
  const again = (answer: ModelOptions) =>
    void replaceBy(fileName(path), () => loadModel(path, { ...options, ...answer }));
  const onFailure = (error: unknown) => {
    if (asksForInputSize(error, path, (inputSize) => again({ inputSize }))) return;
    if (!asksForOutput(error, path, (output) => again({ output }))) failureOf("open")(error);
  };
  return runJob("open", "model.open", { path, ...options }, { onFailure });
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}

/** Asks which other output of the open model holds its class scores, and opens the model again with that. */
export function chooseOutput({ modelPath: path, backbone }: ProjectView): void {
  if (path === null) return;
  const { input, output, otherOutputs } = backbone;
  const { name, type, classes, shape = [1, classes] } = output;
  const inputSize: ModelOptions["inputSize"] = [input.height, input.width];
  askForOutput({
    path,
    candidates: [{ name, type, shape }, ...otherOutputs],
    areInside: false,
    answer: (chosen) => void open(fileName(path), () => loadModel(path, { inputSize, output: chosen })),
  });
}

export async function openSample(): Promise<void> {
  await open("the sample", () => runJob("open", "project.sample", {}));
}

export async function openChosen(purpose: "any" | "model"): Promise<void> {
  const { path } = await call("dialog.open", { purpose });
  if (path) await openPath(path);
}

/** Opens what is chosen in a window of its own, and leaves this one as it is. */
export async function openInNewWindow(): Promise<void> {
  const { path } = await call("dialog.open", { purpose: "any" });
  if (path) await call("window.new", { path });
}

export async function openNewWindow(): Promise<void> {
  await call("window.new", { path: null });
}

/** A file was asked for, elsewhere or here, that is open here. */
export function tellOpenAlready(path: string): void {
  notify(`${fileName(path)} is open in this window already.`);
}

export async function recover(): Promise<void> {
  await open("your last work", () => runJob("open", "journal.recover", {}));
  showUnsaved();
}

async function open(what: string, run: () => Promise<Opened | undefined>): Promise<void> {
  if (await mayReplace()) await replaceBy(what, run);
}

let lastOpening: Promise<unknown> = Promise.resolve();
let lastChosen = 0;

/** Opens what was chosen last: what is still being opened is stopped, and what is asked about it is dropped. */
async function replaceBy(what: string, run: () => Promise<Opened | undefined>): Promise<void> {
  const turn = ++lastChosen;
  dropQuestions();
  useJobs.getState().open?.stop();
  await lastOpening;
  if (turn !== lastChosen) return;
  // It may have asked before it stopped.
  dropQuestions();
  const opening = load(what, run);
  lastOpening = opening;
  await opening;
}

async function load(what: string, run: () => Promise<Opened | undefined>): Promise<void> {
  showOpening(what);
  let warnings: readonly string[] = [];
  const unwatch = useJobs.subscribe(({ open: job }) => {
    warnings = job?.warnings ?? warnings;
  });
  const opened = await run();
  unwatch();
  showOpening(null);
  if (!opened) return;
  showNothing();
  await showOpened(opened).catch(notifyError);
  for (const warning of warnings) notify(asSentence(warning), "bad");
  const { project } = useProject.getState();
  if (!project || project.heads.length > 0) return;
  // A model without heads needs a data set next, unless there is something to know about it first.
  openPanel(project.backbone.warnings.length > 0 ? "model" : "data");
  await takeWaiting();
}

/** Asks to save changes, if there are any. @returns whether the document may be replaced now */
export async function mayReplace(): Promise<boolean> {
  if (!isEdited()) return true;
  const { choice } = await call("dialog.unsaved", { name: projectName() });
  if (choice === "cancel") return false;
  return choice === "discard" || save();
}

/** @returns whether it was saved */
export async function save(): Promise<boolean> {
  const { project } = useProject.getState();
  if (!project) return false;
  return project.projectPath ? saveTo(project.projectPath) : saveAs();
}

export async function saveAs(): Promise<boolean> {
  const { project } = useProject.getState();
  if (!project) return false;
  const { path } = await call("dialog.saveProject", { name: project.name });
  return path ? saveTo(path) : false;
}

/** What became of the last saving is all that counts. */
const ofSaving: NoticeLife = { about: "saving" };

async function saveTo(path: string): Promise<boolean> {
  const design = useDesign.getState();
  try {
    await call("project.save", { path, design });
  } catch (error) {
    notifyError(error, ofSaving);
    return false;
  }
  const name = fileName(path).replace(/\.offramp$/i, "");
  showSaved(path, name, design);
  notify(`Saved ${name}.offramp`, "good", undefined, ofSaving);
  return true;
}

export async function closeDocument(): Promise<void> {
  if (!(await mayReplace())) return;
  await call("journal.clear", {});
  await learnRecentFiles();
  showClosed();
}
