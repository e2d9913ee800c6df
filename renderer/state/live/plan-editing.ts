import { candidateOf, leavingCount, thresholdFor } from "../../../shared/evaluate/live/matched-threshold.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { setExit, setExits, useDesign } from "../design-store.ts";
import { useLive } from "../live-store.ts";
import { useProject } from "../project-store.ts";
import { select, useView } from "../view-store.ts";

/** Whether an exit may be placed at this cut point: it has a trained head, and none of the plan's exits is there. */
export function canPlaceExit(project: ProjectView, exits: readonly PlanExit[], cutPoint: string): boolean {
  return (
    project.heads.some((head) => head.cutPoint === cutPoint) &&
    !exits.some((exit) => exit.cutPoint === cutPoint)
  );
}

/** Puts an exit with the cut point's first head into the live plan, in order along the backbone, and selects it. */
export function addExit(cutPoint: string, like: Partial<PlanExit> = {}): void {
  const plan = planWithExit(cutPoint, like);
  if (!plan) return;
  setExits(plan);
  select({ kind: "exit", cutPoint });
}

/** What `addExit` would make of the live plan; undefined if no exit may be placed there. */
export function planWithExit(cutPoint: string, like: Partial<PlanExit> = {}): PlanExit[] | undefined {
  const { project } = useProject.getState();
  const { exits } = useDesign.getState();
  if (!project || !canPlaceExit(project, exits, cutPoint)) return undefined;
  return inOrder(project, [...exits, newExit(project, exits, cutPoint, like)]);
}

/** Moves an exit along the backbone; its confidences differ there, so it gets a threshold that lets as many leave. */
export function moveExit(from: string, to: string): void {
  const plan = planWithMovedExit(from, to);
  if (!plan) return;
  setExits(plan);
  select({ kind: "exit", cutPoint: to });
}

/** What `moveExit` would make of the live plan; undefined if no exit may be placed there. */
export function planWithMovedExit(from: string, to: string): PlanExit[] | undefined {
  const { project } = useProject.getState();
  const { exits } = useDesign.getState();
  const moved = exits.find((exit) => exit.cutPoint === from);
  if (!project || !moved || !canPlaceExit(project, exits, to)) return undefined;
  const { space } = useLive.getState();
  const leaving = space ? leavingCount(space, exits, moved) : undefined;
  const others = exits.filter((other) => other !== moved);
  const exit = newExit(project, others, to, { head: moved.head, policy: moved.policy }, leaving);
  return inOrder(project, [...others, exit]);
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

export function removeExitAt(cutPoint: string): void {
  const { exits } = useDesign.getState();
  setExits(exits.filter((exit) => exit.cutPoint !== cutPoint));
  const { selection } = useView.getState();
  if (selection?.kind === "exit" && selection.cutPoint === cutPoint) select(null);
}

function newExit(
  project: ProjectView,
  others: readonly PlanExit[],
  cutPoint: string,
  like: Partial<PlanExit>,
  leaving?: number,
): PlanExit {
  const { space } = useLive.getState();
  const heads = project.heads.filter((head) => head.cutPoint === cutPoint);
  const head = heads.find(({ kind }) => kind === like.head) ?? heads[0];
  const exit = { cutPoint, head: head.kind, policy: like.policy ?? project.policies[0], threshold: 0.9 };
  const candidate = space && candidateOf(space, exit);
  return candidate ? { ...exit, threshold: thresholdFor(space, others, candidate, leaving) } : exit;
}

function inOrder(project: ProjectView, exits: readonly PlanExit[]): PlanExit[] {
  const position = new Map(project.backbone.cutPoints.map(({ tensor, index }) => [tensor, index]));
  return [...exits].sort((a, b) => position.get(a.cutPoint)! - position.get(b.cutPoint)!);
}
