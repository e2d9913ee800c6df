import { AppError } from "../../../shared/base/errors.ts";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { Latency, Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type InferenceSession, openSession } from "../onnx/runtime.ts";
import { energyShare } from "./energy/energy-counter.ts";
import { energyRatio } from "./energy/energy-ratio.ts";
import { estimatedEnergy } from "./energy/fit-energies.ts";
import { estimateRatio } from "./estimate/estimate-ratio.ts";
import { estimatedLatency } from "./estimate/estimated-latency.ts";
import type { Estimate } from "./estimate/fit-latencies.ts";
import type { Timing } from "./estimate/timing.ts";
import { identifiedProfile } from "./identified-profile.ts";
import { atRaisedPriority } from "./machine/priority.ts";
import { stopwatchFor } from "./machine/stopwatch.ts";
import { measureRounds, type Timed } from "./measure-rounds.ts";
import { rules } from "./measurement-rules.ts";
import { optionsHere } from "./target.ts";
import { randomImage } from "./timed-models.ts";

/** How long a reference model and the backbone take turns at most. */
const timedSeconds = 3;

/**
 * The latency of another network on a profile's target: as the profile has it, else timed here.
 * @throws AppError 'usage' if it isn't in the profile of another machine; 'cancelled'
 */
export async function referenceLatency(
  reference: Backbone,
  backbone: Backbone,
  profile: Profile,
  job: Job,
): Promise<Latency> {
  return latencyInProfile(reference, profile) ?? timeReference(reference, backbone, profile, job);
}

function latencyInProfile({ summary }: Backbone, { references = [] }: Profile): Latency | undefined {
  return references.find(({ graphSha256 }) => graphSha256 === summary.graphSha256);
}

/**
 * Finds out before any long work whether a reference model can have a latency on a profile's target.
 * @throws AppError 'usage' if it can't
 */
export async function checkReferenceTarget(reference: Backbone, profile: Profile): Promise<void> {
  if (latencyInProfile(reference, profile)) return;
  try {
    await optionsHere(profile);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== "usage") throw cause;
    const { name } = reference.summary;
    throw new AppError(
      "usage",
      `the profile has no latency for ${name}, and it can't be timed here: ${cause.message}; ` +
        "or profile with --reference on the profile's machine",
      {},
      { cause },
    );
  }
}

/** The latency is the ratio to the backbone at the profile's pace of the backbone. */
async function timeReference(
  reference: Backbone,
  backbone: Backbone,
  profile: Profile,
  job: Job,
  energySensor?: string,
): Promise<Latency> {
  await checkReferenceTarget(reference, profile);
  const target = { ...(await optionsHere(profile)), energySensor };
  const { estimate, timings, energy } = await timeRatio(reference, backbone, target, job);
  return {
    ...estimatedLatency(estimate, profile.backbone.meanMs, timings),
    ...(energy && estimatedEnergy(energy, profile.backbone)),
  };
}

/** What a network takes of the time of another one. */
export interface Ratio {
  readonly estimate: Estimate;
  readonly timings: readonly Timing[];
  /** The same of the energy; absent where that wasn't counted. */
  readonly energy?: Estimate;
}

/**
 * Times another network and the backbone in turns, by the same rules as a profile: what slows the machine slows both.
 * @returns its time over that of the backbone, and its times
 * @throws AppError 'cancelled'
 */
export async function timeRatio(
  other: Backbone,
  backbone: Backbone,
  target: TargetOptions,
  job: Job,
  seconds = timedSeconds,
): Promise<Ratio> {
  const random = seededRandom(1);
  const sessions: InferenceSession[] = [];
  try {
    const networks: Timed[] = [];
    for (const network of [other, backbone]) {
      const session = await openSession(encodeModel(network.proto), target);
      sessions.push(session);
      const image = randomImage(network, random);
      const outputs = [network.summary.output.name];
      networks.push({ run: () => session.run(image, outputs), timings: [], energies: [] });
    }
    const groups = networks.map((network) => [network]);
    const [own, theirs] = networks.map(({ timings }) => timings);
    const estimate = () => estimateRatio(own, theirs, 1 + (own.at(-1)?.round ?? -1), seededRandom(1));
    const unsettled = () => new Set(estimate().halfWidth > rules.settledHalfWidth ? groups : []);
    const measurement = { groups, stopwatch: stopwatchFor(target), seconds, unsettled };
    const energy = await atRaisedPriority(async () => {
      await measureRounds(measurement, random, job);
      return energyRatio(networks[0], networks[1], [], target, energyShare * seconds, job);
    });
    return { estimate: estimate(), timings: own, ...(energy && { energy }) };
  } finally {
    for (const session of sessions) await session.release();
  }
}

/** The same profile with the latencies of other networks, timed on this machine. @throws AppError 'cancelled' */
export async function withReferences(
  profile: Profile,
  backbone: Backbone,
  references: readonly Backbone[],
  job: Job,
  energySensor?: string,
): Promise<Profile> {
  const timed: NonNullable<Profile["references"]> = [];
  for (const [index, reference] of references.entries()) {
    const { name, graphSha256 } = reference.summary;
    const part = partOfJob(job, index / references.length, (index + 1) / references.length);
    timed.push({
      ...(await timeReference(reference, backbone, profile, part, energySensor)),
      name,
      graphSha256,
    });
  }
  return identifiedProfile({ ...profile, references: timed });
}
