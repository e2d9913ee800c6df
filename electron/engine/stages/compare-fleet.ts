import { AppError } from "../../../shared/base/errors.ts";
import { partOfJob } from "../../../shared/base/job.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { compareTargets, type FleetComparison } from "../../../shared/fleet/compare-targets.ts";
import type { TargetDesign } from "../../../shared/fleet/transfer.ts";
import type { Link } from "../../../shared/model/link.ts";
import { memberProfile, type Profile } from "../../../shared/model/profile.ts";
import { type SearchOptions, searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { evaluationSpaces, type Offload } from "../../../shared/offload/partition-space.ts";
import { describeTarget } from "../../../shared/presentation/words/describe-target.ts";
import { checkProfileHeads, untimedHead } from "../profile/check-profile.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import type { TrainedProject } from "../project/project.ts";
import { unknownToServer } from "../search/check-members.ts";
import { offloadTo } from "./offload-stage.ts";
import { projectSearch } from "./search-project.ts";
import { searchFront } from "./search-stage.ts";
import type { StageContext } from "./stage-context.ts";

/** A profile that a comparison is of, and where it comes from, for messages. */
export interface FleetProfile {
  readonly name: string;
  readonly profile: Profile;
}

/** A server that plans may continue on, whatever target they begin on. */
export interface FleetServer extends FleetProfile {
  readonly link: Link;
}

/** How plans are searched for on every target alike: the whole front, on calibration samples, by one algorithm. */
export type FleetSearch = Omit<SearchOptions, "goal" | "crossFit" | "compare">;

/** Of the job; the rest is for looking at what the searches found. */
const shareOfSearches = 0.95;

/**
 * Searches the project for every target, and finds out how far the rankings agree and what each target's plan does on the others.
 * Networks that one of the profiles hasn't timed are left out on all. With a server plans may be partitioned, on each target elsewhere.
 * @throws AppError 'usage' if there are fewer than two profiles, or two are one; 'file-invalid' naming the profile, the server's too, that was
 *   made for another network or lacks some heads
 */
export async function compareFleet(
  { cache, job }: StageContext,
  project: TrainedProject,
  given: readonly FleetProfile[],
  options: FleetSearch,
  server?: FleetServer,
): Promise<FleetComparison> {
  const profiles = given.map(({ name, profile }) => ({
    name,
    profile: named(name, () => profileOfModel(project.backbone.summary, profile)),
  }));
  checkDistinct(profiles);
  const compared = { ...project, members: timedEverywhere(project, profiles, job.warn) };
  const offload = server && serverBehind(project, server, options.policies);
  const designs: TargetDesign[] = [];
  for (const [index, { name, profile }] of profiles.entries()) {
    const [from, to] = [index, index + 1].map((done) => (shareOfSearches * done) / profiles.length);
    const search = named(name, () =>
      projectSearch(compared, profile, { ...options, compare: false }, offload),
    );
    const unknown = index === 0 && unknownToServer(search.inputs);
    if (unknown) job.warn?.(unknown);
    const { front } = await searchFront(
      { cache, job: partOfJob(job, from, to) },
      { ...search, onlyRecommends: true },
    ).catch((cause) => Promise.reject(withName(name, cause)));
    const { classWeights } = options.useCase;
    const spaces = named(name, () => evaluationSpaces({ ...search.inputs, classWeights }, offload));
    designs.push({ profile, offload, spaces, front });
  }
  const networks = [project.backbone, ...compared.members.map(({ backbone }) => backbone)].map(
    ({ summary }) => summary,
  );
  const { useCase, policies } = options;
  return compareTargets(designs, { useCase, policies, networks }, partOfJob(job, shareOfSearches, 1));
}

function serverBehind(
  project: TrainedProject,
  { name, profile, link }: FleetServer,
  policies: readonly string[],
): Offload {
  return named(name, () => {
    const offload = offloadTo(project, profile, link);
    // Here, for a search would blame the device.
    checkProfileHeads(project.heads, policies, profile);
    return offload;
  });
}

/**
 * The profiles of a project that have timed all its heads, as `compareFleet` takes them; undefined where these are fewer than two.
 * @param policies ids
 */
export function projectFleet(
  { profiles, heads }: TrainedProject,
  policies: readonly string[],
): FleetProfile[] | undefined {
  const timed = profiles.filter((profile) => !untimedHead(heads, policies, profile));
  if (timed.length < 2) return undefined;
  return timed.map((profile) => ({ name: describeTarget(profile.target), profile }));
}

/** No target is searched for less long than this, seconds. */
const leastSeconds = 10;

/**
 * A search such as a front was made by, for other targets. A front doesn't say how fine its thresholds were, nor how many exits were
 * allowed: these are the defaults, but no fewer exits than its plans have, and twice its own time.
 */
export function searchLike({ searches: [own], recommended }: FrontFile, useCase: UseCase): FleetSearch {
  const plans = [recommended, ...own.front];
  const policies = [...new Set(plans.flatMap(({ exits }) => exits.map(({ policy }) => policy)))];
  const { maxExits, policies: usual } = searchOptionsSchema.shape;
  return searchOptionsSchema.parse({
    algorithm: own.algorithm,
    algorithmOptions: own.options,
    seed: own.seed,
    policies: policies.length > 0 ? policies : usual.parse(undefined),
    maxExits: Math.max(maxExits.parse(undefined), ...plans.map(({ exits }) => exits.length)),
    timeLimit: Math.max(leastSeconds, 2 * own.seconds),
    useCase,
  });
}

function checkDistinct(profiles: readonly FleetProfile[]): void {
  if (profiles.length < 2)
    throw new AppError(
      "usage",
      `a comparison takes the profiles of two targets or more, and there ${profiles.length === 1 ? "is one" : "is none"}; ` +
        "make them with `offramp profile` on each, and give every one with --profile",
    );
  for (const [index, { name, profile }] of profiles.entries()) {
    const twin = profiles.slice(0, index).find((other) => other.profile.id === profile.id);
    if (twin)
      throw new AppError("usage", `${twin.name} and ${name} are the same profile; give one for each target`);
  }
}

/** The further networks that all profiles have timed. */
function timedEverywhere(
  { members }: TrainedProject,
  profiles: readonly FleetProfile[],
  warn: ((text: string) => void) | undefined,
): TrainedProject["members"] {
  return members.filter(({ backbone: { summary } }) => {
    const without = profiles.filter(({ profile }) => !memberProfile(profile, summary));
    if (without.length === 0) return true;
    const names = without.map(({ name }) => name).join(" and ");
    warn?.(
      `${summary.name} is left out: ${names} ${without.length === 1 ? "has" : "have"} no latencies of it`,
    );
    return false;
  });
}

/** Says whose profile it was. */
function named<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw withName(name, cause);
  }
}

function withName(name: string, cause: unknown): unknown {
  if (!(cause instanceof AppError) || cause.code !== "file-invalid") return cause;
  return new AppError(cause.code, `${name}: ${cause.message}`, cause.details, { cause });
}
