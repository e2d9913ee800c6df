import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isIntact } from "../../electron/engine/base/sealed-folder.ts";
import { silentJob } from "../../shared/base/job.ts";

/** Remembers what was in a cache, and finds what is gone or damaged. */
export class CacheWatch {
  readonly #folder: string;
  readonly #seen = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns what is wrong, a clause each */
  async look(): Promise<string[]> {
    const names = (await readdir(this.#folder)).filter((name) => /-[0-9a-f]{32}$/.test(name));
    const wrong: string[] = [];
    for (const name of this.#seen) if (!names.includes(name)) wrong.push(`${name} is gone from the cache`);
    for (const name of names) {
      this.#seen.add(name);
      if (!(await isIntact(join(this.#folder, name), silentJob)))
        wrong.push(`${name} in the cache is damaged`);
    }
    return wrong;
  }

  get entries(): number {
    return this.#seen.size;
  }
}
