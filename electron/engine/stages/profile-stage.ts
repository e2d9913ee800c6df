import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../../../shared/base/job.ts";
import type { Profile, ProfileQuality } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { poorProfileText } from "../../../shared/presentation/words/describe-quality.ts";
import { type Head, headKey } from "../heads/head.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { exitPolicies } from "../policies/index.ts";
import { openEnergyMeter } from "../profile/energy/open-meter.ts";
import { parseProfile } from "../profile/identified-profile.ts";
import { measureUntilGood } from "../profile/measure-until-good.ts";
import { profileBackbone } from "../profile/profile-backbone.ts";
import { checkTarget, describeTarget } from "../profile/target.ts";
import type { StageContext } from "./stage-context.ts";

const file = "profile.json";

/** Rises when profiles come to say more: older ones are measured again, and further networks after them. */
const edition = 2;

/**
 * Measures latencies of the backbone and these heads on this machine, under every exit policy.
 * @throws AppError 'usage' if this machine is no such target, 'cancelled'
 */
export async function measureHeads(
  backbone: Backbone,
  heads: readonly Head[],
  target: TargetOptions,
  seconds: number,
  job: Job,
): Promise<Profile> {
  await checkTarget(target);
  const subjects = heads.map((head) => ({ head, cut: cutPointByTensor(backbone.summary, head.cutPoint) }));
  return profileBackbone(backbone, subjects, { ...target, seconds, seed: 1, policies: exitPolicies }, job);
}

/** How a profile is to be measured. */
export interface Measuring {
  readonly target: TargetOptions;
  /** How long at most. */
  readonly seconds: number;
  /** Measures again until a profile can be trusted. */
  readonly until?: "good";
}

/**
 * Latencies as measured before, or now. A poor profile is neither kept nor taken: the next one may be better.
 * @param measure replaced in tests
 */
export async function profileHeads(
  { cache, job }: StageContext,
  backbone: Backbone,
  heads: readonly Head[],
  { target, seconds, until }: Measuring,
  measure = measureHeads,
): Promise<Profile> {
  await checkTarget(target);
  const key = {
    edition,
    // Of the whole content: a weight may say how often a loop runs or how large a map becomes.
    sha256: backbone.summary.sha256,
    heads: heads.map(headKey),
    target: describeTarget(target),
    policies: exitPolicies.map(({ id }) => id),
    seconds,
    // Without a sensor it is the key of a profile that was made before there were any.
    energySensor: (await openEnergyMeter(target.energySensor)).meter?.name,
  };
  const read = async (folder: string) => parseProfile(JSON.parse(await readFile(join(folder, file), "utf8")));
  const kept = (await cache.find({ stage: "profile", key, read }, job))?.result;
  if (kept && (until ? trustIn(kept) === "good" : isKept(kept))) return kept;
  const once = (part: Job) => measure(backbone, heads, target, seconds, part);
  const profile = until ? await measureUntilGood(once, seconds, job) : await once(job);
  warnOfPoorProfile(profile, job);
  if (isKept(profile)) {
    const produce = (folder: string) => writeFile(join(folder, file), JSON.stringify(profile));
    await cache.replace({ stage: "profile", key, read, produce });
  }
  return profile;
}

/** Tells a person before what follows from a profile is trusted. */
export function warnOfPoorProfile({ quality }: Profile, job: Job): void {
  if (quality?.trust === "poor") job.warn?.(poorProfileText(quality));
}

function trustIn({ quality }: Profile): ProfileQuality["trust"] | undefined {
  return quality?.trust;
}

function isKept(profile: Profile): boolean {
  return trustIn(profile) !== undefined && trustIn(profile) !== "poor";
}
