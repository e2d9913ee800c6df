import { placedExits } from "../../../shared/evaluate/live/place-exits.ts";
import { familyIn, networkOf, type ProjectView } from "../../../shared/files/project-view.ts";
import {
  isAt,
  networksOf,
  outputHead,
  type PartitionedPlan,
  type PlanExit,
  statedChain,
} from "../../../shared/model/plan.ts";
import { memberProfile, type Profile, wholeStageMs } from "../../../shared/model/profile.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { fitThreshold } from "../../../shared/search/engine/fit-threshold.ts";
import { findSpace } from "../../../shared/space/design-space.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";
import { takePlan, useDesign } from "../design-store.ts";
import { useLive } from "../live-store.ts";
import { useProject } from "../project-store.ts";
import { targetProfile } from "../target-profile.ts";
import { obstacleToNetwork } from "./network-obstacle.ts";
import { inOrder } from "./plan-editing.ts";

/** SHA-256 of the networks of the live plan, in the order in which a sample meets them; empty without a project. */
export function liveNetworks(): readonly string[] {
  const { project } = useProject.getState();
  return project ? networksOf(useDesign.getState(), project.backbone.sha256) : [];
}

/** The live plan goes through these networks from now on, see {@link planThrough}. */
export function setChain(networks: readonly string[]): void {
  const plan = planThrough(networks);
  if (plan) takePlan(plan);
}

/**
 * Switches a network of the live plan on, where it costs least, or off; the only one stays on. No plan goes through a network
 * and what was tuned from it, so one takes the other's place.
 */
export function switchNetwork(sha256: string): void {
  const networks = networksWithSwitched(sha256);
  if (networks) setChain(networks);
}

/** What the live plan goes through once a network is switched; undefined if it can't be. */
export function networksWithSwitched(sha256: string): readonly string[] | undefined {
  const { project } = useProject.getState();
  const networks = liveNetworks();
  if (!project) return undefined;
  if (networks.includes(sha256))
    return networks.length > 1 ? networks.filter((other) => other !== sha256) : undefined;
  const profile = targetProfile();
  if (obstacleToNetwork(project, profile, sha256) !== undefined) return undefined;
  const other = networks.findIndex((own) => isSameFamily(project, own, sha256));
  if (other >= 0) return networks.with(other, sha256);
  const cost = (of: string) => wholeMs(project, profile, of);
  const dearer = networks.findIndex((own) => cost(own) > cost(sha256));
  return networks.toSpliced(dearer < 0 ? networks.length : dearer, 0, sha256);
}

/** Networks of a plan in which one has taken the place of what it was tuned from, or what was tuned from it. */
export function withoutRelatives(networks: readonly string[], sha256: string): readonly string[] {
  const { project } = useProject.getState();
  if (!project || !networks.includes(sha256)) return networks;
  return networks.filter((own) => own === sha256 || !isSameFamily(project, own, sha256));
}

function isSameFamily(project: ProjectView, one: string, other: string): boolean {
  return familyIn(project, one) === familyIn(project, other);
}

/** Moves a network of the live plan before (-1) or behind (1) its neighbour. */
export function moveNetwork(sha256: string, by: -1 | 1): void {
  const networks = networksWithMoved(sha256, by);
  if (networks) setChain(networks);
}

/** What the live plan goes through once a network is moved; undefined if there is no neighbour. */
export function networksWithMoved(sha256: string, by: -1 | 1): readonly string[] | undefined {
  const networks = liveNetworks();
  const place = networks.indexOf(sha256);
  if (place < 0 || networks[place + by] === undefined) return undefined;
  return networks.toSpliced(place, 1).toSpliced(place + by, 0, sha256);
}

/**
 * The live plan through other networks. Exits of those that stay are kept, but for one at an output that has become the end.
 * A network that newly hands on to another one gets an exit at its output, whose threshold serves the use case best, so
 * that there is a way out of each.
 * @param networks SHA-256, in order, at least one
 * @returns undefined without a project
 */
export function planThrough(networks: readonly string[]): PartitionedPlan | undefined {
  const { project } = useProject.getState();
  if (!project) return undefined;
  const { exits, chain, offload, useCase } = useDesign.getState();
  const backbone = project.backbone.sha256;
  const before = networksOf({ chain }, backbone);
  const last = networks[networks.length - 1];
  const owner = ({ member }: Pick<PlanExit, "member">) => member ?? backbone;
  const kept = exits.filter(
    (exit) => networks.includes(owner(exit)) && !(exit.head === outputHead && owner(exit) === last),
  );
  const handsOnNewly = (sha256: string) => !before.includes(sha256) || before.at(-1) === sha256;
  const hasWayOut = (sha256: string) => kept.some((exit) => owner(exit) === sha256);
  const policy = exits.at(-1)?.policy ?? project.policies[0];
  const added = networks
    .slice(0, -1)
    .filter((sha256) => handsOnNewly(sha256) || !hasWayOut(sha256))
    .map((sha256) => exitAtOutput(project, sha256, policy))
    .filter((exit) => !kept.some((own) => isAt(own, exit)));
  const stated = statedChain(networks, backbone);
  const spaces = useLive.getState().partitionSpaces;
  const { cut, cutMember } = offload ?? {};
  const on = findSpace(spaces, { chain: stated, cut, cutMember }) ?? findSpace(spaces, { chain: stated });
  const plan = on?.partition ? { chain: stated, cut, cutMember } : { chain: stated };
  const all = inOrder(project, stated, [...kept, ...added]);
  return { ...plan, exits: on ? fitted(on.space, all, added, useCase) : all };
}

/** Where nothing is known of the samples. */
const usualThreshold = 0.9;

function exitAtOutput(project: ProjectView, sha256: string, policy: string): PlanExit {
  const member = sha256 === project.backbone.sha256 ? undefined : sha256;
  return {
    ...(member !== undefined && { member }),
    cutPoint: networkOf(project, member)!.backbone.output.name,
    head: outputHead,
    policy,
    threshold: usualThreshold,
  };
}

/** New exits with the thresholds that serve the use case best, one after the other along the chain. */
function fitted(
  space: SearchSpace,
  exits: readonly PlanExit[],
  added: readonly PlanExit[],
  useCase: UseCase,
): readonly PlanExit[] {
  // Those that come later let nobody leave while an earlier one is fitted.
  let plan = exits.map((exit) => (added.includes(exit) ? { ...exit, threshold: neverReached } : exit));
  for (const [index, exit] of exits.entries()) {
    const placed = added.includes(exit) ? placedExits(space, plan) : null;
    if (!placed) continue;
    const threshold = fitThreshold(space, placed, index, useCase);
    plan = plan.with(index, { ...exit, threshold });
  }
  return plan.map((exit) =>
    exit.threshold === neverReached ? { ...exit, threshold: usualThreshold } : exit,
  );
}

/** Above any confidence. */
const neverReached = 2;

/** A network from the image to its output, ms; endless where it isn't timed. */
function wholeMs(project: ProjectView, profile: Profile | undefined, sha256: string): number {
  const further = networkOf(project, sha256);
  const timed = further && profile ? memberProfile(profile, further.backbone) : profile;
  return timed ? wholeStageMs(timed) : Number.POSITIVE_INFINITY;
}
