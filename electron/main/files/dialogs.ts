import { basename, extname } from "node:path";
import { type BrowserWindow, dialog, type FileFilter, type OpenDialogOptions } from "electron";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { Request, Response } from "../../../shared/ipc/channels.ts";

const everything: FileFilter = { name: "All files", extensions: ["*"] };
const project: FileFilter = { name: "Offramp project", extensions: ["offramp"] };
const model: FileFilter = { name: "ONNX model", extensions: ["onnx"] };

type Purpose = Request<"dialog.open">["purpose"];

const openOptions: Readonly<Record<Purpose, OpenDialogOptions>> = {
  any: {
    title: "Open",
    properties: ["openFile"],
    filters: [{ name: "Projects and models", extensions: ["offramp", "onnx"] }, project, model, everything],
  },
  model: { title: "New project from a model", properties: ["openFile"], filters: [model, everything] },
  profile: {
    title: "Import a profile",
    properties: ["openFile"],
    filters: [{ name: "Profile", extensions: ["json"] }, everything],
  },
  reference: { title: "Add a reference model", properties: ["openFile"], filters: [model, everything] },
  member: { title: "Add a network", properties: ["openFile"], filters: [model, everything] },
  dataFolder: { title: "Choose a data set's folder", properties: ["openDirectory"] },
  dataFile: {
    title: "Choose a data set",
    properties: ["openFile"],
    // The files of MNIST and CIFAR have names without a usable extension.
    filters: [{ name: "Data sets", extensions: ["npz", "parquet", "csv", "tsv"] }, everything],
  },
  classList: {
    title: "Choose a list of the model's classes",
    properties: ["openFile"],
    filters: [{ name: "Class list", extensions: ["txt", "json"] }, everything],
  },
  front: {
    title: "Choose another project, or its front.json",
    properties: ["openFile"],
    filters: [{ name: "Projects and fronts", extensions: ["offramp", "json"] }, everything],
  },
  compared: {
    title: "Choose a model or a project to compare with",
    properties: ["openFile"],
    filters: [{ name: "Projects and models", extensions: ["offramp", "onnx"] }, everything],
  },
  fieldCounts: {
    title: "Choose counts from the field",
    properties: ["openFile"],
    filters: [{ name: "Field counts", extensions: ["json"] }, everything],
  },
  exportFolder: {
    title: "Choose a folder to export to",
    properties: ["openDirectory", "createDirectory"],
    buttonLabel: "Export here",
  },
  tuneFolder: {
    title: "Choose a tuning's folder",
    properties: ["openDirectory", "createDirectory"],
    buttonLabel: "Choose",
  },
  credentials: {
    title: "Choose credentials for the fleet's server",
    properties: ["openFile"],
    filters: [{ name: "Credentials", extensions: ["creds"] }, everything],
  },
  python: { title: "Choose a Python that has PyTorch", properties: ["openFile"] },
};

/** @returns null if the person chose nothing */
export async function chooseOpen(window: BrowserWindow, purpose: Purpose): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, openOptions[purpose]);
  return filePaths[0] ?? null;
}

export function chooseProjectFile(window: BrowserWindow, name: string): Promise<string | null> {
  return chooseNamed(window, "Save the project", name, project);
}

export function chooseModelFile(window: BrowserWindow, name: string): Promise<string | null> {
  return chooseNamed(window, "Save the model", name, model);
}

async function chooseNamed(
  window: BrowserWindow,
  title: string,
  name: string,
  kind: FileFilter,
): Promise<string | null> {
  const extension = `.${kind.extensions[0]}`;
  const { filePath } = await dialog.showSaveDialog(window, {
    title,
    defaultPath: `${proposedName(name)}${extension}`,
    filters: [kind],
    properties: ["createDirectory", "showOverwriteConfirmation"],
  });
  if (!filePath) return null;
  // GTK's dialog doesn't append it.
  return extname(filePath).toLowerCase() === extension ? filePath : `${filePath}${extension}`;
}

/** @param name the file's name as proposed; its extension makes the filter */
export async function chooseFile(window: BrowserWindow, name: string): Promise<string | null> {
  const extension = extname(name).slice(1);
  const { filePath } = await dialog.showSaveDialog(window, {
    title: "Save",
    defaultPath: proposedName(name),
    filters: extension
      ? [{ name: extension.toUpperCase(), extensions: [extension] }, everything]
      : [everything],
    properties: ["createDirectory", "showOverwriteConfirmation"],
  });
  return filePath || null;
}

/** A name in which nothing leads to another folder, and that a folder can hold. */
function proposedName(name: string): string {
  return plainName(basename(name.replaceAll("\\", "/"))) || "untitled";
}

export async function askUnsaved(
  window: BrowserWindow,
  name: string,
): Promise<Response<"dialog.unsaved">["choice"]> {
  const choices = ["save", "discard", "cancel"] as const;
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: `Save the changes to ${plainName(name)}?`,
    detail: "They are lost if you don't save them.",
    buttons: ["Save", "Don't save", "Cancel"],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return choices[response];
}
