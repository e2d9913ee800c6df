import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import { draftOf } from "../../disk/drafts.ts";

/**
 * Puts a whole set of files in the place of an older one, so that whoever looks, also after a kill at any moment, sees all
 * old or all new ones. No system call swaps several files, but one can swap where a link leads: first every old file
 * becomes a link through `current` to itself, then `current` is turned from the old set to the new, then every link
 * becomes the new file. Where there are no links (Windows, FAT), a set that was begun is finished by the next process.
 *
 * The workshop of a swap is a folder that holds `new/` and `old/`, the two sets, and `current`. Everything is done
 * at once, not in turns of the event loop, so that a process is in it for a few milliseconds.
 */
export interface Swap {
  /** The real path of the folder whose files are swapped. */
  readonly folder: string;
  /** The workshop, on the same disk. */
  readonly workshop: string;
}

/** Where the writer puts the new set. */
export const newSet = "new";
const oldSet = "old";
/** Leads to the set that counts. Where there are no links it is missing, then a list of the old files that are to go. */
const currentSet = "current";
/** The list before it counts. */
const staleList = "stale";

/** What systems without links answer. */
const noLinkCodes = ["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL"];

/**
 * The three steps in one.
 * @param removed names in the folder that go with the old set although the new one lacks them
 * @throws what the system throws; then all is as before
 */
export function swapOutputs(swap: Swap, removed: readonly string[]): void {
  try {
    layLinks(swap, removed);
    turnToNew(swap);
  } catch (cause) {
    settleSwap(swap);
    throw cause;
  }
  settleSwap(swap);
}

/**
 * Names what can't be replaced file by file.
 * @throws AppError 'output-unwritable'
 */
export function checkSwappable({ folder, workshop }: Swap): void {
  for (const path of filesBelow(join(workshop, newSet))) {
    for (let above = dirname(path); above !== "."; above = dirname(above))
      if (kindOf(join(folder, above)) === "other")
        throw inTheWay(join(folder, above), "a file where a folder is written");
    if (kindOf(join(folder, path)) === "folder")
      throw inTheWay(join(folder, path), "a folder where a file is written");
  }
}

function inTheWay(path: string, what: string): AppError {
  return new AppError(
    "output-unwritable",
    `${path} is in the way, ${what}; move it away or choose another output folder`,
    { path },
  );
}

/** Step one: every name of either set leads through `current` to the old set. Whoever reads sees no difference. */
export function layLinks(swap: Swap, removed: readonly string[]): void {
  const { folder, workshop } = swap;
  const news = filesBelow(join(workshop, newSet));
  const olds = oldFiles(swap, removed);
  mkdirSync(join(workshop, oldSet));
  if (!pointTo(workshop, oldSet)) {
    writeFileSync(join(workshop, staleList), JSON.stringify(olds.filter((path) => !news.includes(path))));
    return;
  }
  for (const path of olds) keepOld(swap, path);
  for (const path of new Set([...olds, ...news])) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    const link = join(workshop, "link");
    symlinkSync(linkText(swap, path), link);
    renameSync(link, place);
  }
}

/** Step two, one call: from now on the new set counts. */
export function turnToNew({ workshop }: Swap): void {
  const [current, stale] = [currentSet, staleList].map((name) => join(workshop, name));
  if (kindOf(stale) === "other") renameSync(stale, current);
  else pointTo(workshop, newSet);
}

/**
 * Step three, and what is to be done with a swap that a killed process has begun: the links become the files of the
 * set that counts, those that lead nowhere go, and so does the workshop.
 */
export function settleSwap(swap: Swap): void {
  const { folder, workshop } = swap;
  const current = join(workshop, currentSet);
  const counts = readLink(current) ?? (kindOf(current) === "other" ? "list" : undefined);
  if (counts === "list") {
    const stale = z.array(z.string()).parse(JSON.parse(readFileSync(current, "utf8")));
    moveIn(swap, newSet, () => true);
    takeAway(swap, stale, () => true);
  } else if (counts !== undefined) {
    const isLink = (path: string) => readLink(join(folder, path)) === linkText(swap, path);
    moveIn(swap, counts, isLink);
    takeAway(swap, filesBelow(join(workshop, counts === newSet ? oldSet : newSet)), isLink);
  }
  // Removing takes more than one call; its name is free at once.
  const done = draftOf(workshop);
  renameSync(workshop, done);
  rmSync(done, { recursive: true, force: true });
}

/** Moves the files of a set to the places that are still to be filled. */
function moveIn({ folder, workshop }: Swap, set: string, isDue: (path: string) => boolean): void {
  for (const path of filesBelow(join(workshop, set))) {
    if (!isDue(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    renameSync(join(workshop, set, path), join(folder, path));
  }
}

/** Removes what the set that counts doesn't have, and the folders that this empties. */
function takeAway({ folder }: Swap, paths: readonly string[], isDue: (path: string) => boolean): void {
  for (const path of paths) {
    if (isDue(path)) rmSync(join(folder, path), { force: true });
    for (let above = dirname(path); above !== "."; above = dirname(above))
      if (!removeEmpty(join(folder, above))) break;
  }
}

/** What the new set takes the place of: files of the same names, everything in folders of the same names. */
function oldFiles({ folder, workshop }: Swap, removed: readonly string[]): string[] {
  return [...new Set([...readdirSync(join(workshop, newSet)), ...removed])].flatMap((name) => {
    const kind = kindOf(join(folder, name));
    if (kind === "folder") return filesBelow(join(folder, name)).map((path) => join(name, path));
    return kind === "other" ? [name] : [];
  });
}

/** A second name for an old file, from which its place can be taken. */
function keepOld({ folder, workshop }: Swap, path: string): void {
  const [from, to] = [join(folder, path), join(workshop, oldSet, path)];
  mkdirSync(dirname(to), { recursive: true });
  const target = readLink(from);
  try {
    if (target === undefined) linkSync(from, to);
    else symlinkSync(resolve(dirname(from), target), to);
  } catch (cause) {
    // Disks that know links by name alone.
    if (!lstatSync(from).isFile()) throw cause;
    copyFileSync(from, to);
  }
}

/** @returns whether there are links here at all; on Windows none can be turned in one step */
function pointTo(workshop: string, set: string): boolean {
  const next = join(workshop, "next");
  if (process.platform === "win32") return false;
  try {
    symlinkSync(set, next);
  } catch (cause) {
    if (noLinkCodes.includes((cause as NodeJS.ErrnoException).code ?? "")) return false;
    throw cause;
  }
  renameSync(next, join(workshop, currentSet));
  return true;
}

function linkText({ folder, workshop }: Swap, path: string): string {
  return relative(dirname(join(folder, path)), join(workshop, currentSet, path));
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function kindOf(path: string): "folder" | "other" | undefined {
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (!info) return undefined;
  return info.isDirectory() ? "folder" : "other";
}

/** Paths, from the folder on, of all that is no folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name)).map((path) => join(entry.name, path))
      : [entry.name],
  );
}

/** @returns whether the folder was empty, and is gone */
function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
