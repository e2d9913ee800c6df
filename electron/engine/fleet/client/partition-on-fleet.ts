import { randomBytes } from "node:crypto";
import { AppError } from "../../../../shared/base/errors.ts";
import { cancelledError, type Job } from "../../../../shared/base/job.ts";
import type { Link } from "../../../../shared/model/link.ts";
import type { TargetOptions } from "../../../../shared/model/stage-options.ts";
import type { StageContext } from "../../stages/stage-context.ts";
import type { ModelRuns } from "../../verify/verify-model.ts";
import { deviceKind } from "../kinds/partition/device-kind.ts";
import type { PartitionOptions } from "../kinds/partition/partition-options.ts";
import { serverKind } from "../kinds/partition/server-kind.ts";
import { modelRuns, type VerifySubject } from "../kinds/verify-kind.ts";
import { doneBy, type Fleet } from "./on-fleet.ts";

/** A worker that runs a half, and how. */
interface HalfRunner {
  readonly worker: string;
  readonly target: TargetOptions;
}

/** What came of a partitioned plan that two workers ran. */
export interface PartitionRuns {
  /** From the image on the device to the answer there. */
  readonly runs: ModelRuns;
  /** As it was measured between the two. */
  readonly link: Link;
  /** Mean latency of the plain backbone on the server, at the time. */
  readonly serverBackboneMs: number;
  /** Runs that crossed to it, those that warmed up included. */
  readonly crossed: number;
}

/**
 * Has two workers run the two halves of a staged export, each sample crossing the link between them where it doesn't leave before.
 * @throws AppError 'usage' if both are one worker; as a job of either does, upon which the other's is cancelled
 */
export async function runPartitioned(
  fleet: Fleet,
  subject: VerifySubject,
  { plan, seconds }: Pick<PartitionOptions, "plan" | "seconds">,
  { device, server }: { readonly device: HalfRunner; readonly server: HalfRunner },
  context: StageContext,
): Promise<PartitionRuns> {
  if (device.worker === server.worker)
    throw new AppError("usage", `${device.worker} can't run both halves: a worker does one job at a time`);
  const meeting = randomBytes(16).toString("hex");
  let hasFailed = false;
  /** The device tells how it goes; the server is only ended with it. */
  const jobOf = (isShown: boolean): Job => ({
    report: (done, total, note) => isShown && context.job.report(done, total, note),
    warn: (text) => context.job.warn?.(text),
    pause: async () => {
      if (hasFailed) throw cancelledError();
      await context.job.pause();
    },
  });
  const half = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } catch (cause) {
      hasFailed = true;
      throw cause;
    }
  };
  const by = ({ worker }: HalfRunner) => doneBy(fleet, { worker });
  const optionsOf = (own: HalfRunner, peer: HalfRunner) => ({
    plan,
    seconds,
    target: own.target,
    meeting,
    peer: peer.worker,
  });
  const ended = await Promise.allSettled([
    half(by(device).run(deviceKind, subject, optionsOf(device, server), { ...context, job: jobOf(true) })),
    half(by(server).run(serverKind, subject, optionsOf(server, device), { ...context, job: jobOf(false) })),
  ]);
  const [first, second] = ended;
  if (first.status === "fulfilled" && second.status === "fulfilled") {
    const { runs, link } = first.value.value;
    const { backboneMs, crossed } = second.value.value;
    return { runs: modelRuns(runs), link, serverBackboneMs: backboneMs, crossed };
  }
  throw firstCause(ended);
}

/** Why it failed, rather than that the other half was ended with it. */
function firstCause(ended: readonly PromiseSettledResult<unknown>[]): unknown {
  const causes = ended.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  return causes.find((cause) => !(cause instanceof AppError && cause.code === "cancelled")) ?? causes[0];
}
