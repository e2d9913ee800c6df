import { candidateOf, leavingCount, thresholdFor } from "../../../shared/evaluate/live/matched-threshold.ts";
import { type NetworkView, networkOf, type ProjectView } from "../../../shared/files/project-view.ts";
import {
  type ExitPlace,
  isAt,
  networksOf,
  outputHead,
  type PartitionedPlan,
  type PlanExit,
} from "../../../shared/model/plan.ts";
import { setExit, setExits, useDesign } from "../design-store.ts";
import { useLive } from "../live-store.ts";
import { useProject } from "../project-store.ts";
import { select, useView } from "../view-store.ts";

type LivePlan = Pick<PartitionedPlan, "exits" | "chain">;

/**
 * Whether an exit may be placed here: the plan goes through the network, which has a trained head here or goes on behind its
 * output, and none of the plan's exits is here.
 */
export function canPlaceExit(project: ProjectView, plan: LivePlan, place: ExitPlace): boolean {
  const network = networkOf(project, place.member);
  const networks = networksOf(plan, project.backbone.sha256);
  if (!network || !networks.includes(network.backbone.sha256)) return false;
  if (plan.exits.some((exit) => isAt(exit, place))) return false;
  return isOutputOf(network, place)
    ? networks.at(-1) !== network.backbone.sha256
    : network.heads.some((head) => head.cutPoint === place.cutPoint);
}

/** Whether a place is a network's own output. */
export function isOutputOf({ backbone }: NetworkView, { cutPoint }: ExitPlace): boolean {
  return cutPoint === backbone.output.name;
}

/** Puts an exit with the cut point's first head into the live plan, in order along its networks, and selects it. */
export function addExit(place: ExitPlace, like: Partial<PlanExit> = {}): void {
  const plan = planWithExit(place, like);
  if (!plan) return;
  setExits(plan);
  select({ kind: "exit", ...place });
}

/** What `addExit` would make of the live plan; undefined if no exit may be placed there. */
export function planWithExit(place: ExitPlace, like: Partial<PlanExit> = {}): PlanExit[] | undefined {
  const { project } = useProject.getState();
  const design = useDesign.getState();
  if (!project || !canPlaceExit(project, design, place)) return undefined;
  const { exits, chain } = design;
  return inOrder(project, chain, [...exits, newExit(project, exits, place, like)]);
}

/** Moves an exit along the networks; its confidences differ there, so it gets a threshold that lets as many leave. */
export function moveExit(from: ExitPlace, to: ExitPlace): void {
  const plan = planWithMovedExit(from, to);
  if (!plan) return;
  setExits(plan);
  select({ kind: "exit", ...to });
}

/** What `moveExit` would make of the live plan; undefined if no exit may be placed there. */
export function planWithMovedExit(from: ExitPlace, to: ExitPlace): PlanExit[] | undefined {
  const { project } = useProject.getState();
  const design = useDesign.getState();
  const { exits, chain } = design;
  const moved = exits.find((exit) => isAt(exit, from));
  if (!project || !moved || !canPlaceExit(project, design, to)) return undefined;
  const { space } = useLive.getState();
  const leaving = space ? leavingCount(space, exits, moved) : undefined;
  const others = exits.filter((other) => other !== moved);
  const exit = newExit(project, others, to, { head: moved.head, policy: moved.policy }, leaving);
  return inOrder(project, chain, [...others, exit]);
}

/** Another head or policy at the same place, with a threshold that lets as many leave. */
export function changeExit(index: number, change: Pick<Partial<PlanExit>, "head" | "policy">): void {
  const { space } = useLive.getState();
  const { exits } = useDesign.getState();
  const exit = { ...exits[index], ...change };
  if (space) {
    const candidate = candidateOf(space, exit);
    const leaving = leavingCount(space, exits, exits[index]);
    if (candidate) exit.threshold = thresholdFor(space, exits, candidate, leaving);
  }
  setExit(index, exit);
}

export function removeExitAt(place: ExitPlace): void {
  const { exits } = useDesign.getState();
  setExits(exits.filter((exit) => !isAt(exit, place)));
  const { selection } = useView.getState();
  if (selection?.kind === "exit" && isAt(selection, place)) select(null);
}

function newExit(
  project: ProjectView,
  others: readonly PlanExit[],
  place: ExitPlace,
  like: Partial<PlanExit>,
  leaving?: number,
): PlanExit {
  const { space } = useLive.getState();
  const exit = { ...place, head: headAt(project, place, like), policy: like.policy ?? project.policies[0] };
  const candidate = space && candidateOf(space, { ...exit, threshold: 1 });
  const threshold = candidate ? thresholdFor(space, others, candidate, leaving) : 0.9;
  return { ...exit, threshold };
}

/** The wanted head where it stands here, else the place's first one. */
function headAt(project: ProjectView, place: ExitPlace, like: Partial<PlanExit>): string {
  const network = networkOf(project, place.member)!;
  if (isOutputOf(network, place)) return outputHead;
  const heads = network.heads.filter((head) => head.cutPoint === place.cutPoint);
  return (heads.find(({ kind }) => kind === like.head) ?? heads[0]).kind;
}

/** In the order in which a sample meets them: a network's exits along it, its output last, network by network. */
export function inOrder(
  project: ProjectView,
  chain: PartitionedPlan["chain"],
  exits: readonly PlanExit[],
): PlanExit[] {
  const backbone = project.backbone.sha256;
  const networks = networksOf({ chain }, backbone);
  const order = ({ member, cutPoint }: ExitPlace) => {
    const along = networkOf(project, member)?.backbone.cutPoints ?? [];
    const place = along.findIndex(({ tensor }) => tensor === cutPoint);
    return [networks.indexOf(member ?? backbone), place < 0 ? along.length : place];
  };
  return [...exits].sort((one, other) => {
    const [mine, theirs] = [order(one), order(other)];
    return mine[0] - theirs[0] || mine[1] - theirs[1];
  });
}
