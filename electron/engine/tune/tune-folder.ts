import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { listNames } from "../../../shared/base/plain-name.ts";
import { unwritable } from "../../disk/disk-error.ts";
import { makeFolder } from "../../disk/make-folder.ts";
import { isAbandoned, makerName } from "../../disk/maker.ts";
import { type Recipe, readRecipe, recipeDifferences, recipeFile } from "./recipe-file.ts";

/** Who works in a training's folder now. */
const holderFile = ".in-use";

/**
 * Holds a training's folder while something is done in it; makes it if it isn't there.
 * @throws AppError 'busy' if another process works there; 'output-unwritable' if the system refuses something in it
 */
export async function holdFolder<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const path = join(folder, holderFile);
  try {
    await takeFolder(folder, path);
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } catch (cause) {
    const isOfDisk = !(cause instanceof AppError) && (cause as NodeJS.ErrnoException).syscall !== undefined;
    throw isOfDisk ? unwritable(folder, cause) : cause;
  }
}

async function takeFolder(folder: string, path: string): Promise<void> {
  await makeFolder(folder);
  while (!(await isTaken(path))) {
    const holder = await readFile(path, "latin1").catch(() => "");
    const info = await stat(path).catch(() => undefined);
    if (info && !isAbandoned(holder, info.mtimeMs))
      throw new AppError("busy", `another Offramp works in ${folder}; wait for it, or choose another folder`);
    await rm(path, { force: true });
  }
}

async function isTaken(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(makerName());
    await file.close();
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cause;
  }
}

/**
 * Whether a folder is free for a training, or begun with the same one: nothing of others is overwritten.
 * @throws AppError 'usage' if it holds another training, or other files
 */
export async function checkFolder(folder: string, recipe: Recipe): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith("."));
  if (names.length === 0) return;
  if (!names.includes(recipeFile))
    throw new AppError("usage", `${folder} holds other files (${listNames(names, 3)})`, {
      missing: "trainingFolder",
    });
  const differences = recipeDifferences(await readRecipe(folder), recipe);
  if (differences.length === 0) return;
  throw new AppError("usage", `${folder} holds another training (other ${differences.join(", ")})`, {
    missing: "trainingFolder",
  });
}
