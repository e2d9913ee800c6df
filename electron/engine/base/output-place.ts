import { lstat, mkdir, readFile, realpath, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../shared/base/errors.ts";
import { unwritable } from "../../disk/disk-error.ts";
import { draftOf, sweepDrafts } from "../../disk/drafts.ts";
import { makeFolder } from "../../disk/make-folder.ts";
import { isAbandoned, makerName } from "../../disk/maker.ts";
import { checkSwappable, newSet, type Swap, settleSwap, swapOutputs } from "./output-swap.ts";

/** Where results are made, and where they go. */
export interface Place {
  /** As it was given, for messages. */
  readonly given: string;
  /** On the same disk: beside the folder, so that nothing but results is ever seen in it, or in it where that can't be. */
  readonly workshop: string;
  /** The topmost folder that had to be made, if any. */
  readonly made: string | undefined;
}

/**
 * Makes a workshop, after what killed processes left has been brought to its end.
 * @throws AppError 'output-unwritable'
 */
export async function preparePlace(given: string): Promise<Place> {
  const info = await stat(given).catch(() => undefined);
  if (info && !info.isDirectory())
    throw new AppError("output-unwritable", `${given} is a file; give a folder for the results`);
  try {
    if (info) return await prepareIn(given, undefined);
    // What is there and leads nowhere is no place for a folder.
    const isFree = (await lstat(given).catch(() => undefined)) === undefined;
    return (
      (isFree ? await prepareFresh(given) : undefined) ?? (await prepareIn(given, await makeFolder(given)))
    );
  } catch (cause) {
    throw unwritable(given, cause);
  }
}

/** A workshop beside a folder that isn't there yet; nothing if there can't be one. */
async function prepareFresh(given: string): Promise<Place | undefined> {
  const folder = resolve(given);
  const made = await makeFolder(dirname(folder));
  // Somebody removed the folder; what was being put into it goes too.
  for (const { workshop } of await killedSwaps(folder)) await rm(workshop, { recursive: true, force: true });
  for (const name of [besideName(folder), ...swapNames(folder)]) sweepDrafts(name);
  const workshop = draftOf(besideName(folder));
  const isMade = await mkdir(workshop).then(
    () => true,
    () => false,
  );
  if (isMade) return { given, workshop, made };
  if (made) await removeEmpty(dirname(folder), made);
  return undefined;
}

async function prepareIn(given: string, made: string | undefined): Promise<Place> {
  const folder = await realpath(given);
  finishKilled(folder, await killedSwaps(folder));
  const beside = draftOf(besideName(folder));
  if (await canMoveInto(folder, beside)) return { given, workshop: beside, made };
  const workshop = draftOf(insideName(folder));
  await mkdir(workshop);
  return { given, workshop, made };
}

/** Makes a workshop if it is on the same disk as the folder, which has to be writable itself. */
async function canMoveInto(folder: string, workshop: string): Promise<boolean> {
  if (dirname(folder) === folder) return false;
  const moved = join(folder, basename(workshop));
  try {
    await mkdir(workshop);
    await rename(workshop, moved);
    await rename(moved, workshop);
    return true;
  } catch {
    for (const path of [workshop, moved]) await rm(path, { recursive: true, force: true }).catch(() => {});
    return false;
  }
}

/** Names from which those of workshops are made. */
function besideName(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}`);
}

function insideName(folder: string): string {
  return join(folder, ".offramp");
}

/** What a workshop is called while it swaps: one name, so that two processes don't swap the same files at once. */
function swapNames(folder: string): string[] {
  return [besideName(folder), insideName(folder)].map((name) => `${name}.offramp-swap`);
}

/** Who swaps, in the workshop. */
const makerFile = "maker";

async function killedSwaps(folder: string): Promise<Swap[]> {
  const swaps: Swap[] = [];
  for (const workshop of swapNames(folder)) {
    const info = await stat(workshop).catch(() => undefined);
    const maker = await readFile(join(workshop, makerFile), "utf8").catch(() => "");
    if (info && isAbandoned(maker, info.mtimeMs)) swaps.push({ folder, workshop });
  }
  return swaps;
}

function finishKilled(folder: string, swaps: readonly Swap[]): void {
  for (const swap of swaps) settleSwap(swap);
  const moved = join(folder, basename(besideName(folder)));
  for (const name of [besideName(folder), insideName(folder), moved, ...swapNames(folder)]) sweepDrafts(name);
}

/** How long another process may take to put its results into the same folder, and how often that is looked at, ms. */
const [patienceMs, lookMs] = [10_000, 20];

/**
 * Puts a finished draft where it belongs, in one step.
 * @param removed names that go with the old results
 * @throws AppError 'output-unwritable' if something is in the way, or another process doesn't come to an end there
 */
export async function putInPlace(place: Place, removed: readonly string[]): Promise<void> {
  const { given, workshop } = place;
  const draft = join(workshop, newSet);
  const isThere = (await stat(given).catch(() => undefined)) !== undefined;
  if (
    !isThere &&
    (await rename(draft, resolve(given)).then(
      () => true,
      () => false,
    ))
  )
    return;
  const folder = await realpath(given);
  await writeFile(join(workshop, makerFile), makerName());
  checkSwappable({ folder, workshop });
  const isInside = dirname(workshop) === folder;
  const swap = { folder, workshop: swapNames(folder)[isInside ? 1 : 0] };
  await takeTurn(workshop, swap, given);
  swapOutputs(swap, removed);
}

/** Gives the workshop the name that only one has at a time. */
async function takeTurn(workshop: string, { folder, workshop: name }: Swap, given: string): Promise<void> {
  const started = performance.now();
  while (!(await renamed(workshop, name))) {
    finishKilled(folder, await killedSwaps(folder));
    if (performance.now() - started > patienceMs)
      throw new AppError(
        "output-unwritable",
        `another process is writing its results to ${given}; wait for it, or choose another folder`,
      );
    await delay(lookMs);
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (cause) {
    if (await stat(to).catch(() => undefined)) return false;
    throw cause;
  }
}

/** Removes what is left of the workshop, and folders that were made and stayed empty. */
export async function clearPlace({ given, workshop, made }: Place): Promise<void> {
  await rm(workshop, { recursive: true, force: true });
  if (made) await removeEmpty(given, made);
}

/** Removes a folder and those above it up to `topmost`, as far as nobody has put anything there meanwhile. */
async function removeEmpty(folder: string, topmost: string): Promise<void> {
  for (let path = resolve(folder); path.length >= topmost.length; path = dirname(path))
    await rmdir(path).catch(() => {});
}
