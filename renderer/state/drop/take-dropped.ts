import { openPath } from "../documents.ts";
import { notify } from "../notice-store.ts";
import { hasProject, useProject } from "../project-store.ts";
import { askAboutModel } from "./dropped-model.ts";
import { type Dropped, droppedKind, sortDropped } from "./sort-dropped.ts";
import { letWait, takeBeside } from "./waiting.ts";

/**
 * Takes all that was dropped on the window: opens a project or a model, asks what further models are to be, and gives data set, list of
 * classes and profiles to what is open then, or to the model that is opened next.
 */
export async function takeDropped(files: readonly File[]): Promise<void> {
  const dropped = await Promise.all(files.map(readDropped));
  const known = dropped.filter((file) => file !== null);
  if (known.length < files.length || known.length === 0)
    notify("What was dropped is no file or folder of this machine.", "bad");
  const { project, models, left, ...beside } = sortDropped(known);
  const first = project ?? (hasProject() ? undefined : models[0]);
  if (first !== undefined && !(await opens(first))) {
    letWait(beside);
    for (const text of left) notify(text);
    return;
  }
  for (const text of left) notify(text);
  for (const path of models) if (path !== first) await askAboutModel(path);
  if (hasProject()) await takeBeside(beside);
  else letWait(beside);
}

/** @returns whether it is open now; a model may ask something first */
async function opens(path: string): Promise<boolean> {
  const before = useProject.getState().document;
  await openPath(path);
  return useProject.getState().document !== before;
}

/** How much of a JSON file is looked at to tell what it is. */
const beginningBytes = 4096;

async function readDropped(file: File): Promise<Dropped | null> {
  const path = window.offramp.dropped(file);
  if (path === null) return null;
  const isJson = file.name.toLowerCase().endsWith(".json");
  const beginning = isJson ? await file.slice(0, beginningBytes).text() : "";
  return { path, kind: droppedKind(file.name, beginning), bytes: file.size };
}
