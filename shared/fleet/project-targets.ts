import { AppError } from "../base/errors.ts";
import { type NetworkTables, projectSpaces } from "../files/project-spaces.ts";
import type { ProjectView } from "../files/project-view.ts";
import type { BackboneSummary } from "../model/backbone.ts";
import type { SecondTarget } from "../model/design.ts";
import type { PartitionedPlan, PlanFigures } from "../model/plan.ts";
import { memberProfile, type Profile } from "../model/profile.ts";
import type { UseCase } from "../model/use-case.ts";
import { type DesignSpace, findSpace } from "../space/design-space.ts";
import { candidateIndex } from "../space/plan-exits.ts";
import { differenceOf, latencySum } from "./latency-sum.ts";
import type { TimedTarget } from "./plan-sum.ts";
import { countsOn, figuresOn, sumOn } from "./transfer.ts";

/** What a profile hasn't timed of a plan. */
export interface Lack {
  /** Whose profile it is. */
  readonly of: "target" | "server";
  readonly what:
    | { readonly kind: "heads" }
    | { readonly kind: "network"; readonly sha256: string }
    | { readonly kind: "partition" }
    | { readonly kind: "policy"; readonly policy: string };
}

/** A target of a project, with the server behind it if there is one, and what plans are evaluated on there. */
export interface ProjectTarget extends TimedTarget {
  /** See `projectSpaces`; none where a profile lacks some of the heads. */
  readonly spaces: readonly DesignSpace[];
  readonly lack?: Lack;
}

/** What a plan does on a target, or what isn't known for that. */
export type PlanOnTarget =
  | {
      readonly figures: PlanFigures;
      /**
       * The least and the most that the latency that was asked for can be by the profiles' 95 % intervals, each latency on its own, ms;
       * a link is as it is stated. Absent where latencies have none.
       */
      readonly intervalMs?: readonly [number, number];
    }
  | { readonly lack: Lack };

/**
 * All targets of a project in their order, every one with the same server and link.
 * @param tables at least one
 * @throws AppError as `projectSpaces` does, but for heads that a profile lacks
 */
export function projectTargets(
  project: ProjectView,
  tables: NetworkTables,
  { offload: second, classWeights }: Pick<UseCase, "classWeights"> & { readonly offload?: SecondTarget },
): ProjectTarget[] {
  const server = second && project.profiles.find(({ id }) => id === second.server);
  const offload = second && server && { server, link: second.link };
  return project.profiles.map((device) => {
    const spacesWith = (offload: SecondTarget | undefined) =>
      unlessUntimed(() => projectSpaces(project, tables, { device, offload, classWeights }));
    const spaces = spacesWith(second);
    const behind = { profile: device, ...(offload && { offload }) };
    if (spaces) return { ...behind, spaces };
    const of = offload && spacesWith(undefined) ? "server" : "target";
    return { ...behind, spaces: [], lack: { of, what: { kind: "heads" } } };
  });
}

/** @returns undefined where a profile lacks some of the heads */
function unlessUntimed<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof AppError && cause.details.missing === "headLatencies") return undefined;
    throw cause;
  }
}

/**
 * A plan on every target, with the same exits, thresholds and partition.
 * @param targets of one project, see `projectTargets`
 * @param latency whose interval is asked for
 * @param networks the backbone first
 */
export function planOnTargets(
  plan: PartitionedPlan,
  targets: readonly ProjectTarget[],
  latency: UseCase["latency"],
  networks: readonly BackboneSummary[],
): PlanOnTarget[] {
  const lacks = lacksOnTargets(plan, targets, networks);
  const able = targets.find((_, index) => !lacks[index]);
  // Decisions don't depend on the target.
  const counts = able && countsOn(able, plan);
  return targets.map((target, index) => {
    const lack = lacks[index];
    if (lack) return { lack };
    const figures = figuresOn(target, plan, counts);
    const sum = sumOn(target, plan, figures, latency, networks);
    const intervalMs = sum && differenceOf(sum, latencySum([])).intervalMs;
    return { figures, ...(intervalMs && { intervalMs }) };
  });
}

/**
 * What isn't known for a plan on each target; undefined where nothing lacks.
 * @param networks the backbone first
 */
export function lacksOnTargets(
  plan: PartitionedPlan,
  targets: readonly ProjectTarget[],
  networks: readonly BackboneSummary[],
): (Lack | undefined)[] {
  return targets.map((target) => lackOf(target, plan, networks));
}

function lackOf(
  { profile, offload, spaces, lack }: ProjectTarget,
  plan: PartitionedPlan,
  networks: readonly BackboneSummary[],
): Lack | undefined {
  if (lack) return lack;
  const [backbone] = networks;
  const { chain = [backbone.sha256], cut, cutMember = backbone.sha256 } = plan;
  const timed = (own: Profile, sha256: string) => {
    const network = networks.find((network) => network.sha256 === sha256);
    return network && memberProfile(own, network);
  };
  const untimed = (of: Lack["of"], own: Profile, run: readonly string[]): Lack | undefined => {
    const sha256 = run.find((sha256) => !timed(own, sha256));
    return sha256 === undefined ? undefined : { of, what: { kind: "network", sha256 } };
  };
  const onDevice = untimed("target", profile, chain);
  if (onDevice) return onDevice;
  const on = findSpace(spaces, plan);
  if (!on) {
    const behind = chain.slice(Math.max(0, chain.indexOf(cutMember)));
    const onServer = offload && untimed("server", offload.server, behind);
    if (onServer) return onServer;
    const isTimed = timed(profile, cutMember)?.prefixes.some(({ cutPoint }) => cutPoint === cut);
    return { of: isTimed ? "server" : "target", what: { kind: "partition" } };
  }
  const missing = plan.exits.find((exit) => candidateIndex(on.space, exit) < 0);
  if (!missing) return undefined;
  const { member = backbone.sha256, policy } = missing;
  const isTimed = timed(profile, member)?.heads.some((head) => head.policy === policy);
  return { of: offload && isTimed ? "server" : "target", what: { kind: "policy", policy } };
}
