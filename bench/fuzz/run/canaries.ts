import { stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Files that lie where no case may look. Reading one moves the time of its last access. */
export class Canaries {
  readonly #paths: readonly string[];

  constructor(folders: readonly string[]) {
    this.#paths = folders.map((folder) => join(folder, "canary.bin"));
  }

  /** Large enough to serve as anybody's weights. */
  async plant(): Promise<void> {
    for (const path of this.#paths) await writeFile(path, new Uint8Array(65_536));
    await this.reset();
  }

  /** An access time before the last change is one that even `relatime` moves. */
  async reset(): Promise<void> {
    for (const path of this.#paths) await utimes(path, 0, new Date());
  }

  /** @returns those that were read since */
  async read(): Promise<string[]> {
    const times = await Promise.all(
      this.#paths.map(async (path) => ({ path, atimeMs: (await stat(path)).atimeMs })),
    );
    return times.flatMap(({ path, atimeMs }) => (atimeMs > 0 ? [path] : []));
  }
}
