import { isTuned, relatives } from "../../../../shared/model/families.ts";
import {
  outputHead,
  type PartitionedPlan,
  type PlanExit,
  type StatedExit,
} from "../../../../shared/model/plan.ts";
import type { MemberProfile, Profile } from "../../../../shared/model/profile.ts";
import { type CalibratedModel, memberFolder, type Project } from "../project.ts";
import { projectFault } from "../project-fault.ts";

/** A network as plans speak of it. */
interface PlannedNetwork {
  readonly sha256: string;
  readonly graphSha256: string;
  readonly tunedFrom?: string;
  /** Its model in the archive. */
  readonly name: string;
  /** Name of its own output. */
  readonly output: string;
  /** Order of its cut points, by tensor. */
  readonly places: ReadonlyMap<string, number>;
  readonly model: CalibratedModel;
}

/**
 * Profiles time these networks, and plans are made of their cut points and of heads and policies that there are. What a person
 * designs may name a head that has gone since; the window shows it as such.
 * @throws AppError 'file-invalid' naming what is of another project
 */
export function checkPlans(project: Project): void {
  const networks = networksOf(project);
  const [{ sha256, model }] = networks;
  for (const [index, profile] of project.profiles.entries())
    checkTimed(profile, networks, `profiles/${index}.json`);
  for (const [index, plan] of project.plans.entries()) {
    const where = `project.json, plans.${index}`;
    if (plan.backboneSha256 !== sha256)
      throw projectFault(`${where} was made for another model than backbone.onnx`);
    for (const own of [plan, ...(plan.crossFit?.halves ?? [])]) checkPlan(own, networks, where);
    checkStated(plan.exits, model.backbone.summary.output.classes, where);
  }
  const { front, design, robustness } = project;
  for (const plan of front ? frontPlans(front) : []) checkPlan(plan, networks, "front.json");
  for (const plan of front ? frozenPlans(front) : []) checkFrozen(plan, networks);
  if (robustness && robustness.backboneSha256 !== sha256)
    throw projectFault("project.json, robustness was made for another model than backbone.onnx");
  for (const plan of robustness ? triedPlans(robustness) : [])
    checkPlan(plan, networks, "project.json, robustness");
  for (const plan of design ? [design, ...design.pinned].map(asPlan) : [])
    checkPlaces(plan, networks, "project.json, design");
}

/** The backbone first. */
function networksOf(project: Project): PlannedNetwork[] {
  const tunedFrom = [undefined, ...project.members.map((member) => member.tunedFrom)];
  const networks = [project, ...project.members].map((model, index) => {
    const { sha256, graphSha256, output, cutPoints } = model.backbone.summary;
    return {
      sha256,
      graphSha256,
      tunedFrom: tunedFrom[index],
      name: `${index === 0 ? "" : memberFolder(index - 1)}backbone.onnx`,
      output: output.name,
      places: new Map(cutPoints.map(({ tensor }, place) => [tensor, place])),
      model,
    };
  });
  for (const [index, { sha256, name }] of networks.entries()) {
    const same = networks.slice(0, index).find((other) => other.sha256 === sha256);
    if (same) throw projectFault(`${name} is the same network as ${same.name}`);
  }
  return networks;
}

/** A profile may time members that the project doesn't have. */
function checkTimed(
  profile: Profile,
  [backbone, ...members]: readonly PlannedNetwork[],
  where: string,
): void {
  const check = (
    { prefixes, heads }: Pick<MemberProfile, "prefixes" | "heads">,
    network: PlannedNetwork | undefined,
  ) => {
    for (const { cutPoint } of network ? [...prefixes, ...heads] : []) checkPlace(cutPoint, network!, where);
  };
  check(profile, backbone);
  for (const timed of profile.members ?? [])
    check(
      timed,
      members.find(({ graphSha256 }) => graphSha256 === timed.graphSha256),
    );
}

function checkPlace(tensor: string, { places, name }: PlannedNetwork, where: string): void {
  if (!places.has(tensor)) throw projectFault(`${where} names '${tensor}', which is no cut point of ${name}`);
}

function checkPlan(plan: PartitionedPlan, networks: readonly PlannedNetwork[], where: string): void {
  checkPlaces(plan, networks, where);
  for (const exit of plan.exits) {
    const { model, output } = networkOfExit(exit, networks, where);
    const { cutPoint, head, policy } = exit;
    const stands = model.heads.some((own) => own.cutPoint === cutPoint && own.kind === head);
    if (!stands && !isOutput(exit, output))
      throw projectFault(`${where} has an exit '${head}' at '${cutPoint}', where no such head stands`);
    if (!model.tables.calibration.has(policy))
      throw projectFault(`${where} has an exit of the policy '${policy}', which has no table`);
  }
}

/** Networks and places are there, in the order in which a sample meets them, and the partition is at one of them. */
function checkPlaces(plan: PartitionedPlan, networks: readonly PlannedNetwork[], where: string): void {
  const chain = chainOf(plan, networks, where);
  let last: { readonly cutPoint: string; readonly order: readonly [number, number] } | undefined;
  for (const exit of plan.exits) {
    const order = orderOf(exit, chain, networks, where);
    if (last && (order[0] < last.order[0] || (order[0] === last.order[0] && order[1] <= last.order[1])))
      throw projectFault(
        `${where} has an exit at '${last.cutPoint}' before the one at '${exit.cutPoint}', which comes no later`,
      );
    last = { cutPoint: exit.cutPoint, order };
  }
  checkCut(plan, chain, networks[0], where);
}

/** The networks that a plan goes through. */
function chainOf(
  { chain }: PartitionedPlan,
  networks: readonly PlannedNetwork[],
  where: string,
): PlannedNetwork[] {
  const [backbone] = networks;
  if (!chain) return [backbone];
  const found = chain.map((sha256, index) => {
    const network = networks.find((own) => own.sha256 === sha256);
    if (!network)
      throw projectFault(
        `${where} goes through a network (${sha256.slice(0, 8)}…) that the project doesn't hold`,
      );
    if (chain.indexOf(sha256) < index) throw projectFault(`${where} goes through ${network.name} twice`);
    return network;
  });
  checkFamilies(found, where);
  if (found.length === 1 && found[0] === backbone)
    throw projectFault(`${where} names the backbone as its chain, expected none`);
  return found;
}

function checkFrozen({ chain = [] }: PartitionedPlan, networks: readonly PlannedNetwork[]): void {
  const tuned = networks.find((own) => isTuned(own) && chain.includes(own.sha256));
  if (tuned)
    throw projectFault(
      `front.json has a plan through ${tuned.name}, which was tuned, among those without tuned networks`,
    );
}

/** A network and what was tuned from it don't take turns. */
function checkFamilies(chain: readonly PlannedNetwork[], where: string): void {
  const [one, other] = relatives(chain) ?? [];
  if (one && other)
    throw projectFault(
      `${where} goes through ${one.name} and ${other.name}, of which one was tuned from the other; expected one of them`,
    );
}

function networkOfExit(
  { member, cutPoint }: PlanExit,
  networks: readonly PlannedNetwork[],
  where: string,
): PlannedNetwork {
  const [backbone, ...members] = networks;
  const network = member === undefined ? backbone : members.find(({ sha256 }) => sha256 === member);
  if (network) return network;
  throw projectFault(
    `${where} has an exit at '${cutPoint}' in a network (${member?.slice(0, 8)}…) that is no member of the project`,
  );
}

/** Number of an exit's network along the chain, and its place in that, the network's own output last. */
function orderOf(
  exit: PlanExit,
  chain: readonly PlannedNetwork[],
  networks: readonly PlannedNetwork[],
  where: string,
): readonly [number, number] {
  const network = networkOfExit(exit, networks, where);
  const { cutPoint } = exit;
  const at = chain.indexOf(network);
  if (at < 0)
    throw projectFault(
      `${where} has an exit at '${cutPoint}' of ${network.name}, which it doesn't go through`,
    );
  if (!isOutput(exit, network.output)) {
    checkPlace(cutPoint, network, where);
    return [at, network.places.get(cutPoint)!];
  }
  if (at === chain.length - 1)
    throw projectFault(
      `${where} has an exit at the output of ${network.name}, where all leave that came so far`,
    );
  return [at, network.places.size];
}

function isOutput({ cutPoint, head }: PlanExit, output: string): boolean {
  return head === outputHead && cutPoint === output;
}

function checkCut(
  { cut, cutMember }: PartitionedPlan,
  chain: readonly PlannedNetwork[],
  backbone: PlannedNetwork,
  where: string,
): void {
  if (cut === undefined && cutMember === undefined) return;
  const network = chain.find(({ sha256 }) => sha256 === (cutMember ?? backbone.sha256));
  const isOfBackbone = cutMember === backbone.sha256;
  if (cut === undefined || !network || isOfBackbone)
    throw projectFault(
      `${where} is partitioned at '${cut}' of ${network?.name ?? "a network"}, expected a tensor of one that it goes through` +
        (isOfBackbone ? "; the backbone's has no cutMember" : ""),
    );
  const { model, places, name } = network;
  if (cut !== model.backbone.summary.input.name && !places.has(cut))
    throw projectFault(`${where} is partitioned at '${cut}', which is no cut point of ${name}`);
}

/** A design has its partition beside the server. */
function asPlan(part: PartitionedPlan & { readonly offload?: Partial<PartitionedPlan> }): PartitionedPlan {
  const { cut, cutMember } = part.offload ?? part;
  return { exits: part.exits, chain: part.chain, cut, cutMember };
}

function checkStated(exits: readonly StatedExit[], classes: number, where: string): void {
  const strange = exits.find(({ classThresholds }) => classThresholds && classThresholds.length !== classes);
  if (strange)
    throw projectFault(
      `${where} states ${strange.classThresholds?.length} thresholds per class, and there are ${classes} classes`,
    );
}

/** All plans that were tried on corrupted images. */
export function triedPlans({ plan, front }: NonNullable<Project["robustness"]>): PartitionedPlan[] {
  return [plan, ...front];
}

/** Those that go through no tuned network. */
export function frozenPlans({ frozen }: NonNullable<Project["front"]>): PartitionedPlan[] {
  return frozen
    ? [...frozen.front, ...frozen.alone, ...(frozen.recommended ? [frozen.recommended] : [])]
    : [];
}

/** All plans that a front holds. */
export function frontPlans(front: NonNullable<Project["front"]>): PartitionedPlan[] {
  return [
    ...front.searches.flatMap(({ front: plans }) => plans),
    ...front.schemes.flatMap(({ plans }) => plans),
    ...(front.offload?.alone ?? []),
    ...frozenPlans(front),
    front.recommended,
    ...(front.guarantee ? [front.guarantee.plain] : []),
    ...(front.crossFit?.halves ?? []),
    ...(front.safe?.plan ? [front.safe.plan] : []),
  ];
}
