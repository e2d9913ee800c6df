import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";

/** How often a server that doesn't answer is asked again, and for how long. */
const againMs = 1000;
const patienceMs = 15 * 60_000;

/** Names of what the client throws while the server is out of reach, or has just started. */
const passingNames = ["TimeoutError", "NoResponders", "RequestError", "ConnectionError"];

/** JetStream's status while it starts. */
const notReady = 503;

/** Nothing came for a while of something that should have: a cut looks like this once, what is lost does so always. */
export class SilentServer extends AppError {}
const mostSilences = 2;

/** Whether something failed because nothing was heard of the server, so that nothing is known of what was asked. */
export function isCutOff(cause: unknown): boolean {
  const { name, status } = cause as { readonly name?: string; readonly status?: number };
  return status === notReady || (name !== undefined && passingNames.includes(name));
}

/**
 * Asks the server until it answers: it may have been killed and started again, or the network was cut. What is asked must do
 * no harm if it was heard before.
 * @throws what else the action throws; the last failure once it is out of patience; 'cancelled'
 */
export async function persistently<Result>(
  action: () => Promise<Result>,
  { pause }: Pick<Job, "pause">,
): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  for (let silences = 0; ; ) {
    try {
      return await action();
    } catch (cause) {
      const isSilence = cause instanceof SilentServer && ++silences < mostSilences;
      if (!(isSilence || isCutOff(cause)) || performance.now() > deadline) throw cause;
    }
    await pause();
    await delay(againMs);
  }
}
