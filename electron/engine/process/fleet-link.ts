import { AppError } from "../../../shared/base/errors.ts";
import type { ServerChoice } from "../../../shared/fleet/server-choice.ts";
import type { Fleet, ServerSettings } from "../fleet/index.ts";

/** A connection that nobody has used for so long is closed. */
const idleMs = 30_000;

/** An answer of a server that is there comes sooner, or its connection is as good as lost. */
const answerMs = 4000;

interface OpenLink {
  readonly key: string;
  readonly fleet: Promise<Fleet>;
  users: number;
}

/** The window's way to the fleet: one connection, opened when it is needed and closed when nobody has asked for a while. */
export class FleetLink {
  private open: OpenLink | undefined;
  private timer: NodeJS.Timeout | undefined;

  /**
   * Lets `work` use the fleet for as long as it takes.
   * @throws AppError as `openFleet` does; what `work` throws
   */
  async use<Result>(choice: ServerChoice, work: (fleet: Fleet) => Promise<Result>): Promise<Result> {
    const link = this.link(choice);
    link.users++;
    try {
      return await work(await link.fleet);
    } finally {
      link.users--;
      this.closeLater(link);
    }
  }

  /**
   * The same for something short. A connection of before that doesn't answer any more is given up and opened again, so that
   * what is wrong is said and not waited for.
   */
  async ask<Result>(choice: ServerChoice, work: (fleet: Fleet) => Promise<Result>): Promise<Result> {
    const before = this.open?.key === keyOf(choice) ? this.open : undefined;
    if (!before || before.users > 0) return this.use(choice, work);
    try {
      return await this.use(choice, (fleet) => inTime(work(fleet)));
    } catch {
      this.drop(before);
      return this.use(choice, work);
    }
  }

  private link(choice: ServerChoice): OpenLink {
    clearTimeout(this.timer);
    const key = keyOf(choice);
    if (this.open?.key === key) return this.open;
    if (this.open) this.drop(this.open);
    const link: OpenLink = { key, fleet: openFleetOf(choice), users: 0 };
    link.fleet.catch(() => this.drop(link));
    this.open = link;
    return link;
  }

  /** Its last user closes it. */
  private drop(link: OpenLink): void {
    if (this.open === link) this.open = undefined;
    if (link.users === 0) close(link);
  }

  private closeLater(link: OpenLink): void {
    if (link.users > 0) return;
    if (this.open !== link) {
      close(link);
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.drop(link), idleMs);
    this.timer.unref();
  }
}

function keyOf(choice: ServerChoice): string {
  return JSON.stringify([choice.server, choice.token, choice.creds]);
}

/** As flags would say it. */
export function settingsOf({ server, token, creds }: ServerChoice): ServerSettings {
  return { server: server ?? undefined, token: token ?? undefined, creds: creds ?? undefined };
}

async function openFleetOf(choice: ServerChoice): Promise<Fleet> {
  const { openFleet } = await import("../fleet/index.ts");
  return openFleet(settingsOf(choice), "offramp-window");
}

function close({ fleet }: OpenLink): void {
  fleet.then(({ connection }) => connection.close()).catch(() => {});
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError("fleet-unavailable", "the server doesn't answer")),
      answerMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
