import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";

/**
 * The files and folders that the person chose: what a window may name in a request. What lies in a chosen folder is
 * chosen too. Links are followed on both sides, so that none inside a folder leads out of it.
 */
export class Grants {
  readonly #common: Grants | undefined;
  readonly #chosen = new Set<string>();
  readonly #named = new Set<string>();
  readonly #programs = new Set<string>();

  /** @param common what every window may name; chosen in one window, all else is that window's alone */
  constructor(common?: Grants) {
    this.#common = common;
  }

  /** A file or folder that the person pointed at, with what lies in it. */
  add(path: string): void {
    for (const place of places(path)) this.#chosen.add(place);
  }

  /** A path that a chosen file names: itself, but nothing in it. */
  addNamed(path: string): void {
    for (const place of places(path)) this.#named.add(place);
  }

  /** A program that the person chose to be run; what lies in a chosen folder is none. */
  addProgram(path: string): void {
    for (const place of places(path)) this.#programs.add(place);
  }

  allowsProgram(path: string): boolean {
    return (
      isAbsolute(path) &&
      (this.#programs.has(realPlace(path)) || this.#commonly((all) => all.allowsProgram(path)))
    );
  }

  allows(path: string): boolean {
    if (!isAbsolute(path)) return false;
    const place = realPlace(path);
    return (
      this.#named.has(place) ||
      this.#chosen.has(place) ||
      [...this.#chosen].some((folder) => contains(folder, place)) ||
      this.#commonly((all) => all.allows(path))
    );
  }

  #commonly(allows: (common: Grants) => boolean): boolean {
    return this.#common !== undefined && allows(this.#common);
  }
}

/** Where a path leads now, and where it stands itself: a link that is chosen may be replaced by a file on saving. */
function places(path: string): string[] {
  if (!isAbsolute(path)) return [];
  return [realPlace(path), join(realPlace(dirname(path)), basename(path))];
}

/** A path without links; of one that isn't there yet, the part that is. */
export function realPlace(path: string): string {
  const missing: string[] = [];
  for (let place = path; ; place = dirname(place)) {
    try {
      return join(realpathSync.native(place), ...missing);
    } catch {
      if (dirname(place) === place) return path;
      missing.unshift(basename(place));
    }
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
