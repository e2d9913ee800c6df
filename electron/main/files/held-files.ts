import { AppError } from "../../../shared/base/errors.ts";
import type { ChannelsBy } from "../../../shared/ipc/channels.ts";
import type { Parsed } from "../requests/router.ts";
import { realPlace } from "./grants.ts";

export interface HeldFilesParts {
  /** The file of the project that is open; null if it has none. */
  readonly open: () => string | null;
  /** Whether another window holds this file. */
  readonly isElsewhere: (path: string) => boolean;
}

/** The project files that a window works on: no other may open them, or save over them. */
export class HeldFiles {
  readonly #parts: HeldFilesParts;
  readonly #taking = new Set<{ readonly path: string | null }>();

  constructor(parts: HeldFilesParts) {
    this.#parts = parts;
  }

  /** Whether something is being opened or saved. */
  get isTaking(): boolean {
    return this.#taking.size > 0;
  }

  holds(path: string): boolean {
    const place = realPlace(path);
    const held = [this.#parts.open(), ...[...this.#taking].map((taken) => taken.path)];
    return held.some((each) => each !== null && realPlace(each) === place);
  }

  /**
   * Does what opens or saves a project.
   * @param path its file; null if it has none
   * @throws AppError 'busy' if another window holds it, or what the work throws
   */
  async take<Result>(path: string | null, work: () => Promise<Result>): Promise<Result> {
    if (path !== null && this.#parts.isElsewhere(path))
      throw new AppError(
        "busy",
        `${path} is open in another window; close it there, or choose another file`,
        {
          path,
        },
      );
    const taken = { path };
    this.#taking.add(taken);
    try {
      return await work();
    } finally {
      this.#taking.delete(taken);
    }
  }
}

/**
 * The project file that a request to the engine takes, null if what it opens is in none.
 * @returns undefined if it opens and saves nothing
 */
export function fileTakenBy(channel: ChannelsBy<"engine">, request: unknown): string | null | undefined {
  switch (channel) {
    case "model.open":
    case "project.sample":
      return null;
    case "project.open":
      return (request as Parsed<"project.open">).path;
    case "project.save": {
      const { path, copy } = request as Parsed<"project.save">;
      return copy ? undefined : path;
    }
    default:
      return undefined;
  }
}
