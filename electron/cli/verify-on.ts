import { AppError } from "../../shared/base/errors.ts";
import type { Link } from "../../shared/model/link.ts";
import type { Plan } from "../../shared/model/plan.ts";
import type { Profile } from "../../shared/model/profile.ts";
import {
  loadFleet,
  modelRuns,
  type PartitionPrediction,
  type Prediction,
  type Project,
  predictFigures,
  predictPartition,
  readProfile,
  type StageRunner,
  type Verification,
  verificationOfRuns,
  verifyKind,
} from "../engine/index.ts";
import { milliseconds } from "./format.ts";
import type { Parsed } from "./schema-options.ts";
import { withFleet, withRunner } from "./server-options.ts";

type Used = Parameters<typeof verificationOfRuns>[0] & { readonly project: Project };
type Subject = Parameters<typeof verifyKind.pack>[0];
type How = Pick<Parameters<typeof verifyKind.needs>[0], "target" | "seconds"> &
  Pick<Parameters<typeof verifyKind.run>[2], "energySensor">;

/** What is run, and how. */
interface Asked {
  readonly used: Used;
  readonly subject: Subject;
  readonly how: How;
}

/** What was measured, beside what was predicted. */
export interface Ran {
  readonly verification: Verification;
  readonly prediction: Prediction | PartitionPrediction;
  /** Between the two machines, where there are two. */
  readonly link?: Link;
  readonly crossed?: number;
}

/** @throws AppError 'usage' if it are more workers than there are halves, or a server's profile without a server */
export function checkCount(workers: readonly string[], serverProfile: unknown): void {
  if (workers.length > 2)
    throw new AppError("usage", `--on names ${workers.length} workers; give one, or device,server`);
  if (serverProfile !== undefined && workers.length < 2)
    throw new AppError("usage", "--server-profile goes with two workers: --on device,server");
}

/** The files as a whole, here or on the worker that `--on` names. */
export async function runWhole(
  parsed: Parsed,
  { used, subject, how: { energySensor, ...how } }: Asked,
  stages: StageRunner,
): Promise<Ran> {
  const { value } = await withRunner(parsed, (runner) =>
    stages.run("verify", (context) =>
      runner.run(verifyKind, subject, { plan: used.plan, ...how }, { ...context, energySensor }),
    ),
  );
  const verification = verificationOfRuns(used, modelRuns(value));
  return { verification, prediction: predictFigures(used, verification) };
}

/** The two halves of a staged folder on two workers, the device's first. */
export async function runHalves(
  parsed: Parsed,
  { used, subject, how, workers: [device, server] }: Asked & { readonly workers: readonly string[] },
  stages: StageRunner,
): Promise<Ran> {
  const { project, plan, profile } = used;
  checkPartitioned(plan);
  const profileOfServer = await serverProfile(project, profile, parsed.serverProfile as string | undefined);
  const { runPartitioned } = await loadFleet();
  const { provider, threads } = profileOfServer.target;
  const halves = {
    device: { worker: device, target: how.target },
    server: { worker: server, target: { provider, threads } },
  };
  const { runs, link, serverBackboneMs, crossed } = await withFleet(parsed, "offramp-verify", (fleet) =>
    stages.run("verify", (context) =>
      runPartitioned(fleet, subject, { plan, seconds: how.seconds }, halves, context),
    ),
  );
  const verification = verificationOfRuns(used, runs);
  const on = { ...used, server: profileOfServer, serverBackboneMs, link };
  return { verification, prediction: predictPartition(on, verification), link, crossed };
}

function checkPartitioned({ cut }: Plan): void {
  if (cut === undefined)
    throw new AppError(
      "usage",
      "the plan isn't partitioned: search with --server and --link-latency, or give one worker",
    );
}

/** @throws AppError 'usage' if the project has several others, or none */
async function serverProfile(
  { profiles, front }: Project,
  device: Profile,
  path: string | undefined,
): Promise<Profile> {
  if (path !== undefined) return readProfile(path);
  const others = profiles.filter(({ id }) => id !== device.id);
  const searched = others.find(({ id }) => id === front?.offload?.profile);
  const own = searched ?? (others.length === 1 ? others[0] : undefined);
  if (own) return own;
  throw new AppError("usage", "the server's profile isn't known; give it with --server-profile");
}

/** What two machines add to the lines of a verification. */
export function describeHalves({ link, crossed, prediction }: Ran): string[] {
  if (!link || crossed === undefined || !("serverDriftPct" in prediction)) return [];
  const { machineDriftPct, serverDriftPct } = prediction;
  const pace = (drift: number) => `${drift >= 0 ? "+" : ""}${drift.toFixed(1)} %`;
  return [
    `link       ${milliseconds(link.latencyMs)} one way, ${link.bandwidthMbps.toFixed(link.bandwidthMbps < 10 ? 2 : 0)} Mbit/s, as measured between the two`,
    `pace       device ${pace(machineDriftPct)}, server ${pace(serverDriftPct)} of the time in their profiles; the prediction goes by it`,
  ];
}
