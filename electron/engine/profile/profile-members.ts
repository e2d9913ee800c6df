import { type Job, partOfJob } from "../../../shared/base/job.ts";
import type { Latency, MemberProfile, Profile } from "../../../shared/model/profile.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { type Energy, estimatedEnergy } from "./energy/fit-energies.ts";
import { estimatedLatency } from "./estimate/estimated-latency.ts";
import { identifiedProfile } from "./identified-profile.ts";
import { type ProfileOptions, profileBackbone } from "./profile-backbone.ts";
import { scaleLatency } from "./statistics.ts";
import { type EntryOptions, type PreprocessedNetwork, timeEntry } from "./time-entry.ts";
import { timeRatio } from "./time-references.ts";
import type { ProfileSubject } from "./timed-models.ts";

/** A further network with the heads that are timed. */
export interface ProfiledMember extends PreprocessedNetwork {
  readonly subjects: readonly ProfileSubject[];
}

/** How long a member takes turns with the backbone, and its entry, at most. */
const pairedSeconds = 3;

/**
 * Latencies of a further network: measured as the backbone's are, and brought to the pace that the backbone had in its profile by
 * runs of both in turns, so that sums of both are those of one machine at one time.
 * @throws AppError 'cancelled'; 'data-mismatch' if images of the given size can't be brought to its input
 */
export async function profileMember(
  member: ProfiledMember,
  backbone: PreprocessedNetwork,
  profile: Profile,
  options: ProfileOptions & Pick<EntryOptions, "imageSize">,
  job: Job,
): Promise<MemberProfile> {
  const { summary } = member.backbone;
  const seconds = Math.min(pairedSeconds, options.seconds / 3);
  const own = await profileBackbone(member.backbone, member.subjects, options, partOfJob(job, 0, 0.6));
  const paired = partOfJob(job, 0.6, 0.8);
  const ratio = await timeRatio(member.backbone, backbone.backbone, options, paired, seconds);
  const entryOptions = { ...options, seconds };
  const entry = await timeEntry(member, backbone, profile, entryOptions, partOfJob(job, 0.8, 1));
  const whole: Latency = {
    ...estimatedLatency(ratio.estimate, profile.backbone.meanMs, ratio.timings),
    ...(ratio.energy && estimatedEnergy(ratio.energy, profile.backbone)),
  };
  const atPace = <Timed extends Latency>(timed: Timed): Timed => ({
    ...timed,
    ...broughtTo(whole, own.backbone.meanMs, timed),
    ...energyBroughtTo(whole, own.backbone, timed),
  });
  return {
    graphSha256: summary.graphSha256,
    name: summary.name,
    entry,
    backbone: whole,
    final: atPace(own.final),
    prefixes: own.prefixes.map(atPace),
    heads: own.heads.map(atPace),
    ...(own.branch && { branch: atPace(own.branch) }),
  };
}

/**
 * A latency of a network at another pace of that.
 * @param whole the network as it is at that pace, which isn't known exactly either
 * @param ownMs its mean at the pace of the latency
 */
function broughtTo(whole: Latency, ownMs: number, latency: Latency): Latency {
  const scaled = scaleLatency(latency, whole.meanMs / ownMs);
  if (!scaled.intervalMs || !whole.intervalMs) return { ...scaled, intervalMs: undefined };
  const shareOfWhole = (whole.intervalMs[1] - whole.meanMs) / whole.meanMs;
  const halfWidth = Math.hypot(scaled.intervalMs[1] - scaled.meanMs, shareOfWhole * scaled.meanMs);
  return {
    ...scaled,
    intervalMs: [Math.max(0, scaled.meanMs - halfWidth), scaled.meanMs + halfWidth],
  };
}

/** The same of its energy, which the sensor counts at another moment too. */
function energyBroughtTo(whole: Energy, own: Energy, timed: Energy): Energy {
  const unknown = { energyMillijoules: undefined, energyIntervalMillijoules: undefined };
  const [asPaired, alone, energy] = [whole, own, timed].map(({ energyMillijoules }) => energyMillijoules);
  if (asPaired === undefined || energy === undefined || !alone) return unknown;
  const scale = asPaired / alone;
  const halfOf = ({ energyMillijoules = 0, energyIntervalMillijoules: interval }: Energy) =>
    interval ? interval[1] - energyMillijoules : Number.POSITIVE_INFINITY;
  return estimatedEnergy(
    {
      ratio: energy * scale,
      halfWidth: Math.hypot(scale * halfOf(timed), (halfOf(whole) / asPaired) * energy * scale),
    },
    { energyMillijoules: 1 },
  );
}

/** The profile with latencies of further networks, in their order. */
export function withMembers(profile: Profile, members: readonly MemberProfile[]): Profile {
  return identifiedProfile({ ...profile, members: [...members] });
}

/**
 * What share of the time to measure each network takes, so that all come to about as many rounds: a round of a network
 * runs it once, and once more or less per head. A small one has a tenth at least.
 * @returns shares that add up to 1
 */
export function timeShares(
  networks: readonly { readonly backbone: Backbone; readonly heads: { readonly length: number } }[],
): number[] {
  const work = networks.map(({ backbone, heads }) => backbone.summary.macs * (1 + heads.length));
  const total = work.reduce((sum, own) => sum + own, 0);
  const raised = work.map((own) => Math.max(smallestShare, total > 0 ? own / total : 1));
  const all = raised.reduce((sum, own) => sum + own, 0);
  return raised.map((own) => own / all);
}

const smallestShare = 0.1;
