import { AppError } from "../../../shared/base/errors.ts";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { Latency, Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type InferenceSession, openSession } from "../onnx/runtime.ts";
import { identifiedProfile } from "./identified-profile.ts";
import { measureRounds, type Timed } from "./measure-rounds.ts";
import { latencyOf } from "./statistics.ts";
import { optionsHere } from "./target.ts";
import { randomImage } from "./timed-models.ts";

/** How long a reference model and the backbone take turns. */
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

/** The ratio of runs of the same round is what counts; the latency is this ratio at the profile's pace of the backbone. */
async function timeReference(
  reference: Backbone,
  backbone: Backbone,
  profile: Profile,
  job: Job,
): Promise<Latency> {
  await checkReferenceTarget(reference, profile);
  const ratios = await timeRatios(reference, backbone, await optionsHere(profile), job);
  return latencyOf(ratios.map((ratio) => ratio * profile.backbone.meanMs));
}

/**
 * Times another network and the backbone in turns: what slows the machine slows both.
 * @returns time of the other over that of the backbone, round by round
 * @throws AppError 'cancelled'
 */
export async function timeRatios(
  other: Backbone,
  backbone: Backbone,
  target: TargetOptions,
  job: Job,
  seconds = timedSeconds,
): Promise<number[]> {
  const random = seededRandom(1);
  const sessions: InferenceSession[] = [];
  try {
    const networks: Timed[] = [];
    for (const network of [other, backbone]) {
      const session = await openSession(encodeModel(network.proto), target);
      sessions.push(session);
      const image = randomImage(network, random);
      const outputs = [network.summary.output.name];
      networks.push({ run: () => session.run(image, outputs), times: [] });
    }
    await measureRounds(
      networks.map((network) => [network]),
      seconds,
      random,
      job,
    );
    const [own, theirs] = networks.map(({ times }) => times);
    return own.map((time, index) => time / theirs[index]);
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
): Promise<Profile> {
  const timed: NonNullable<Profile["references"]> = [];
  for (const [index, reference] of references.entries()) {
    const { name, graphSha256 } = reference.summary;
    const part = partOfJob(job, index / references.length, (index + 1) / references.length);
    timed.push({ ...(await timeReference(reference, backbone, profile, part)), name, graphSha256 });
  }
  return identifiedProfile({ ...profile, references: timed });
}
