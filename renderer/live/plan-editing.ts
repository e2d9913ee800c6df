import type { PlanExit } from "../../shared/domain/plan.ts";
import type { ProjectView } from "../../shared/domain/project-view.ts";
import type { Candidate, SearchSpace } from "../../shared/search/search-space.ts";
import { useDesign } from "../stores/design-store.ts";
import { useLive } from "../stores/live-store.ts";
import { useProject } from "../stores/project-store.ts";
import { select, useView } from "../stores/view-store.ts";

/** Whether an exit may stand at this cut point: it has a trained head, and none of the plan's exits is there. */
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
  useDesign.getState().takePlan(plan);
  select({ kind: "exit", cutPoint });
}

/** What `addExit` would make of the live plan; undefined if no exit may stand there. */
export function planWithExit(cutPoint: string, like: Partial<PlanExit> = {}): PlanExit[] | undefined {
  const { project } = useProject.getState();
  const { exits } = useDesign.getState();
  if (!project || !canPlaceExit(project, exits, cutPoint)) return undefined;
  return inOrder(project, [...exits, newExit(project, useLive.getState().space, cutPoint, like)]);
}

/** Moves an exit along the backbone; its confidences differ there, so it gets a threshold that lets as many leave. */
export function moveExit(from: string, to: string): void {
  const plan = planWithMovedExit(from, to);
  if (!plan) return;
  useDesign.getState().takePlan(plan);
  select({ kind: "exit", cutPoint: to });
}

/** What `moveExit` would make of the live plan; undefined if no exit may stand there. */
export function planWithMovedExit(from: string, to: string): PlanExit[] | undefined {
  const { project } = useProject.getState();
  const { exits } = useDesign.getState();
  const moved = exits.find((exit) => exit.cutPoint === from);
  if (!project || !moved || !canPlaceExit(project, exits, to)) return undefined;
  const { space } = useLive.getState();
  const share = space ? leavingShare(space, moved) : undefined;
  const exit = newExit(project, space, to, { head: moved.head, policy: moved.policy }, share);
  return inOrder(
    project,
    exits.map((other) => (other === moved ? exit : other)),
  );
}

/** Another head or policy at the same place, with a threshold that lets as many leave. */
export function changeExit(index: number, change: Pick<Partial<PlanExit>, "head" | "policy">): void {
  const { space } = useLive.getState();
  const { exits, setExit } = useDesign.getState();
  const exit = { ...exits[index], ...change };
  if (space) {
    const candidate = candidateOf(space, exit);
    if (candidate)
      exit.threshold = thresholdForShare(candidate.confidence, leavingShare(space, exits[index]) ?? 0.5);
  }
  setExit(index, exit);
}

export function removeExitAt(cutPoint: string): void {
  const { exits, takePlan } = useDesign.getState();
  takePlan(exits.filter((exit) => exit.cutPoint !== cutPoint));
  const { selection } = useView.getState();
  if (selection?.kind === "exit" && selection.cutPoint === cutPoint) select(null);
}

export function candidateOf(space: SearchSpace, exit: PlanExit): Candidate | undefined {
  return space.candidates.find(
    ({ cutPoint, head, policy }) =>
      cutPoint === exit.cutPoint && head === exit.head && policy === exit.policy,
  );
}

function newExit(
  project: ProjectView,
  space: SearchSpace | null,
  cutPoint: string,
  like: Partial<PlanExit>,
  share = 0.5,
): PlanExit {
  const heads = project.heads.filter((head) => head.cutPoint === cutPoint);
  const head = heads.find(({ kind }) => kind === like.head) ?? heads[0];
  const exit = { cutPoint, head: head.kind, policy: like.policy ?? project.policies[0], threshold: 0.9 };
  const candidate = space && candidateOf(space, exit);
  return candidate ? { ...exit, threshold: thresholdForShare(candidate.confidence, share) } : exit;
}

function leavingShare(space: SearchSpace, exit: PlanExit): number | undefined {
  const candidate = candidateOf(space, exit);
  if (!candidate) return undefined;
  const threshold = Math.fround(exit.threshold);
  let leaving = 0;
  for (const confidence of candidate.confidence) if (confidence >= threshold) leaving++;
  return leaving / candidate.confidence.length;
}

/** The confidence that this share (0-1) of all samples reaches. */
export function thresholdForShare(confidence: Float32Array, share: number): number {
  const rising = confidence.slice().sort();
  const index = Math.round((1 - share) * rising.length);
  return rising[Math.min(rising.length - 1, Math.max(0, index))];
}

function inOrder(project: ProjectView, exits: readonly PlanExit[]): PlanExit[] {
  const position = new Map(project.backbone.cutPoints.map(({ tensor, index }) => [tensor, index]));
  return [...exits].sort((a, b) => position.get(a.cutPoint)! - position.get(b.cutPoint)!);
}
