import { z } from "zod";
import type { AppError } from "../../../../shared/base/errors.ts";
import {
  aloneMs,
  type MemberProfile,
  type Profile,
  profileSchema,
} from "../../../../shared/model/profile.ts";
import { profileOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { headChoices } from "../../heads/head-choices.ts";
import { headsBeforeTraining } from "../../heads/heads-before-training.ts";
import { implausible } from "../../jobs/implausible.ts";
import type { JobKind } from "../../jobs/job-kind.ts";
import { exitPolicies } from "../../policies/index.ts";
import { checkProfileHeads } from "../../profile/check-profile.ts";
import { identifiedProfile } from "../../profile/identified-profile.ts";
import type { Project } from "../../project/project.ts";
import { profileNetworks } from "../../stages/profile-networks.ts";
import { openPackedProject, packProject } from "./packed-project.ts";

const optionsSchema = z.strictObject({
  ...profileOptionsSchema.shape,
  /** Measures again until a profile can be trusted. */
  until: z.literal("good").optional(),
  /** Heads that a project without any would get, see `HeadWish`. */
  heads: z.array(z.strictObject({ kind: z.string(), options: z.record(z.string(), z.unknown()) })).max(16),
  spareReady: z.boolean().optional(),
});

type ProfileJobOptions = z.infer<typeof optionsSchema>;

/** Longest that measuring again takes, and what opening a network and everything else may take on a slow board. */
const untilGoodSeconds = 900;
const openingSeconds = 600;

/** A prefix is part of the whole; noise and what a cut costs allow for some more. */
const mostOfWhole = 2;

/** Latencies of a project's networks on the machine of whoever does it. */
export const profileKind: JobKind<Project, ProfileJobOptions, Profile> = {
  id: "profile",
  edition: 1,
  isMeasurement: true,
  options: optionsSchema,
  value: profileSchema,
  maxResultBytes: 64 * 2 ** 20,
  needs: ({ seconds, target, until }) => ({
    seconds: openingSeconds + 3 * seconds + (until ? untilGoodSeconds : 0),
    threads: target.threads,
  }),
  pack: async (project) => packProject(project),
  open: (folder, _options, context) => openPackedProject(folder, context),
  run: async (project, options, context) => {
    const { seconds, until } = options;
    const target = { ...options.target, energySensor: context.energySensor };
    const heads = headsOf(project, options);
    const value = await profileNetworks(context, { ...project, heads }, { target, seconds, until });
    return { value, files: {} };
  },
  check: ({ value }, project, options) => checkProfile(value, project, options),
  isReusable: ({ quality }) => quality !== undefined && quality.trust !== "poor",
};

function headsOf({ heads, backbone }: Project, options: ProfileJobOptions) {
  if (heads.length > 0) return heads;
  const { spareReady } = options;
  return headsBeforeTraining(backbone, { heads: headChoices(options.heads), spareReady });
}

function checkProfile(profile: Profile, project: Project, options: ProfileJobOptions): void {
  const { target, needs } = { target: options.target, needs: profileKind.needs(options) };
  const { summary } = project.backbone;
  if (profile.graphSha256 !== summary.graphSha256) throw implausible("it is of another network");
  if (profile.id !== identifiedProfile(profile).id) throw implausible("its id isn't that of its content");
  if (profile.target.provider !== target.provider || profile.target.threads !== target.threads)
    throw implausible(`it is of ${profile.target.provider} with ${profile.target.threads} threads`);
  checkTimes(profile, needs.seconds, "the backbone");
  checkHeads(() => checkProfileHeads(headsOf(project, options), policyIds(), profile));
  for (const member of project.members.filter(({ tunedFrom }) => tunedFrom === undefined)) {
    const { graphSha256, name } = member.backbone.summary;
    const timed = profile.members?.find((own) => own.graphSha256 === graphSha256);
    if (!timed && graphSha256 !== summary.graphSha256) throw implausible(`it has no latencies of ${name}`);
    if (timed) checkTimes(timed, needs.seconds, name);
    if (timed) checkHeads(() => checkProfileHeads(member.heads, policyIds(), timed));
  }
}

function policyIds(): string[] {
  return exitPolicies.map(({ id }) => id);
}

function checkHeads(check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw implausible((cause as AppError).message);
  }
}

/** Whether a network's times can have been measured in the time that there was, and its parts are no longer than the whole. */
function checkTimes(
  { backbone, final, prefixes }: Pick<MemberProfile, "backbone" | "final" | "prefixes">,
  seconds: number,
  name: string,
): void {
  const wholeMs = Math.max(final.meanMs, aloneMs({ backbone }));
  if (!(backbone.meanMs > 0 && final.meanMs > 0)) throw implausible(`${name} takes no time`);
  if (backbone.meanMs * backbone.count > 1000 * seconds)
    throw implausible(`${name} can't have run ${backbone.count} times in ${Math.round(seconds)} s`);
  const longer = prefixes.find(({ meanMs }) => meanMs > mostOfWhole * wholeMs);
  if (longer) throw implausible(`${name} takes longer to ${longer.cutPoint} than to its end`);
}
