import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import { isTuned } from "../../../shared/model/families.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import { type MemberProfile, memberProfileSchema, type Profile } from "../../../shared/model/profile.ts";
import { isUnreadable } from "../dataset/images/raw-image.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { type Head, headKey } from "../heads/head.ts";
import { cutPointByTensor } from "../onnx/backbone.ts";
import { exitPolicies } from "../policies/index.ts";
import { profileMember, timeShares, withMembers } from "../profile/profile-members.ts";
import { optionsHere } from "../profile/target.ts";
import type { ImageSize, PreprocessedNetwork } from "../profile/time-entry.ts";
import type { Member, Project } from "../project/project.ts";
import { type Measuring, measureHeads, profileHeads } from "./profile-stage.ts";
import type { StageContext } from "./stage-context.ts";

/** What of a project a profile is made of. */
export type ProfiledProject = Pick<Project, "backbone" | "heads" | "preprocess" | "members">;

/** How all networks of a project are measured. */
interface MeasuringNetworks extends Measuring {
  /** As the data has them, where it is at hand; see `timeEntry`. */
  readonly imageSize?: ImageSize;
}

/**
 * Measures latencies of all networks of a project on this machine, under every exit policy; they share the time by their
 * size.
 * @throws AppError 'usage' if this machine is no such target, 'cancelled'
 */
export async function measureNetworks(
  project: ProfiledProject,
  measuring: MeasuringNetworks,
  job: Job,
): Promise<Profile> {
  return profileEach(project, measuring, job, {
    backbone: ({ backbone, heads }, seconds, part) =>
      measureHeads(backbone, heads, measuring.target, seconds, part),
    member: measureMember,
  });
}

/** The same, or what was measured before, network by network; `until` is the backbone's alone, whose pace all others are brought to. */
export async function profileNetworks(
  { cache, job }: StageContext,
  project: ProfiledProject,
  measuring: MeasuringNetworks,
): Promise<Profile> {
  return profileEach(project, measuring, job, {
    backbone: ({ backbone, heads }, seconds, part) =>
      profileHeads({ cache, job: part }, backbone, heads, { ...measuring, seconds }),
    member: (member, own, profile, part, how) =>
      memberProfileOnce({ cache, job: part }, member, own, profile, how),
  });
}

/**
 * A profile of this machine with one more network, measured before or now.
 * @throws AppError 'usage' if this machine isn't the profile's target, 'cancelled'
 */
export async function profileMore(
  context: StageContext,
  project: ProfiledProject & { readonly preprocess: Preprocess },
  member: TimedMember,
  profile: Profile,
  { seconds, imageSize }: Omit<MeasuringNetworks, "target" | "until">,
): Promise<Profile> {
  const share = timeShares([...timedNetworks(project), member]).at(-1)!;
  const target = await optionsHere(profile);
  const how = { target, seconds: share * seconds, imageSize };
  const timed = await memberProfileOnce(context, member, project, profile, how);
  const others = profile.members?.filter(({ graphSha256 }) => graphSha256 !== timed.graphSha256) ?? [];
  return withMembers(profile, [...others, timed]);
}

async function memberProfileOnce(
  { cache, job }: StageContext,
  member: TimedMember,
  own: PreprocessedNetwork,
  profile: Profile,
  how: MeasuringNetworks,
): Promise<MemberProfile> {
  const { imageSize, seconds } = how;
  const key = {
    // A backbone that was measured again has another pace.
    profile: profile.id,
    networks: [member, own].map(({ backbone: { summary }, preprocess }) => [summary.sha256, preprocess]),
    heads: member.heads.map(headKey),
    policies: exitPolicies.map(({ id }) => id),
    imageSize,
    seconds,
  };
  const produce = async (folder: string) =>
    writeFile(join(folder, file), JSON.stringify(await measureMember(member, own, profile, job, how)));
  const read = async (folder: string) =>
    memberProfileSchema.parse(JSON.parse(await readFile(join(folder, file), "utf8")));
  return (await cache.get({ stage: "member-profile", key, produce, read }, job)).result;
}

const file = "member.json";

type TimedHeads = Pick<Member, "backbone" | "heads">;

/** Something with heads that are timed. */
interface TimedMember extends PreprocessedNetwork {
  readonly heads: readonly Head[];
}

/** How the two kinds of networks are measured. */
interface Measures {
  backbone(network: TimedHeads, seconds: number, job: Job): Promise<Profile>;
  member(
    member: TimedMember,
    own: PreprocessedNetwork,
    profile: Profile,
    job: Job,
    measuring: MeasuringNetworks,
  ): Promise<MemberProfile>;
}

/**
 * The networks that are timed, the backbone first. One that was tuned takes what the network takes that it was tuned from, so its
 * heads are timed there.
 */
function timedNetworks({ members, ...own }: ProfiledProject): [ProfiledProject, ...Member[]] {
  const withTunedHeads = <Network extends Pick<Member, "backbone" | "heads">>(network: Network): Network => {
    const { sha256 } = network.backbone.summary;
    const tuned = members.filter(({ tunedFrom }) => tunedFrom === sha256);
    const heads = [...network.heads, ...tuned.flatMap((member) => member.heads)];
    const isFirst = (head: Head, at: number) =>
      heads.findIndex(({ cutPoint, kind }) => cutPoint === head.cutPoint && kind === head.kind) === at;
    return { ...network, heads: heads.filter(isFirst) };
  };
  const asTheyCame = members.filter((member) => !isTuned(member)).map(withTunedHeads);
  return [{ ...withTunedHeads(own), members: asTheyCame }, ...asTheyCame];
}

async function profileEach(
  project: ProfiledProject,
  measuring: MeasuringNetworks,
  job: Job,
  measures: Measures,
): Promise<Profile> {
  const [{ backbone, heads, preprocess }, ...members] = timedNetworks(project);
  if (!preprocess || members.length === 0)
    return measures.backbone({ backbone, heads }, measuring.seconds, job);
  const [share, ...shares] = timeShares([{ backbone, heads }, ...members]);
  const profile = await measures.backbone(
    { backbone, heads },
    share * measuring.seconds,
    partOfJob(job, 0, share),
  );
  const timed: MemberProfile[] = [];
  let done = share;
  for (const [index, member] of members.entries()) {
    const part = partOfJob(job, done, done + shares[index]);
    done += shares[index];
    const how = { ...measuring, seconds: shares[index] * measuring.seconds };
    timed.push(await measures.member(member, { backbone, preprocess }, profile, part, how));
  }
  return withMembers(profile, timed);
}

function measureMember(
  { backbone, preprocess, heads }: TimedMember,
  own: PreprocessedNetwork,
  profile: Profile,
  job: Job,
  { target, seconds, imageSize }: MeasuringNetworks,
): Promise<MemberProfile> {
  const subjects = heads.map((head) => ({ head, cut: cutPointByTensor(backbone.summary, head.cutPoint) }));
  const options = { ...target, seconds, seed: 1, policies: exitPolicies, imageSize };
  return profileMember({ backbone, preprocess, subjects }, own, profile, options, job);
}

/** How large the first image of the calibration split is; undefined if it can't be read. */
export async function exampleSize({ source, splits }: OpenData): Promise<ImageSize | undefined> {
  const { part, indices } = splits.calibration;
  const [image] = await source.read(part, indices.subarray(0, 1));
  if (!image || isUnreadable(image)) return undefined;
  const { height, width, channels } = image;
  return { height, width, channels };
}
