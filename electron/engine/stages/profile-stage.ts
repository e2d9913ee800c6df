import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../../../shared/base/job.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { type Head, headKey } from "../heads/head.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { exitPolicies } from "../policies/index.ts";
import { parseProfile } from "../profile/identified-profile.ts";
import { profileBackbone } from "../profile/profile-backbone.ts";
import { checkTarget, describeTarget } from "../profile/target.ts";
import type { StageContext } from "./stage-context.ts";

const file = "profile.json";

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

/** The same, or what was measured before. */
export async function profileHeads(
  { cache, job }: StageContext,
  backbone: Backbone,
  heads: readonly Head[],
  target: TargetOptions,
  seconds: number,
): Promise<Profile> {
  await checkTarget(target);
  const key = {
    // Of the whole content: a weight may say how often a loop runs or how large a map becomes.
    sha256: backbone.summary.sha256,
    heads: heads.map(headKey),
    target: describeTarget(target),
    policies: exitPolicies.map(({ id }) => id),
    seconds,
  };
  const produce = async (folder: string) => {
    const profile = await measureHeads(backbone, heads, target, seconds, job);
    await writeFile(join(folder, file), JSON.stringify(profile));
  };
  const read = async (folder: string) => parseProfile(JSON.parse(await readFile(join(folder, file), "utf8")));
  return (await cache.get({ stage: "profile", key, produce, read }, job)).result;
}
