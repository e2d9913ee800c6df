import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { useDesign } from "./design-store.ts";
import { useProject } from "./project-store.ts";
import { searchedSecondTarget } from "./searched-targets.ts";

/** Takes a plan; with one that is partitioned, if no second target is chosen, the one that the last search knew. */
export function takeFound(plan: PartitionedPlan): void {
  const { project } = useProject.getState();
  const isPartitioned = plan.cut !== undefined;
  const second = isPartitioned && project?.front ? searchedSecondTarget(project.front, project) : undefined;
  useDesign.getState().takePlan(plan, second);
}

/** Why a plan can't be taken; undefined if it can. */
export function useObstacleToTaking({ cut }: PartitionedPlan): string | undefined {
  const isChosen = useDesign(({ offload }) => offload !== undefined);
  const isKnown = useProject(
    ({ project }) => project?.front && searchedSecondTarget(project.front, project) !== undefined,
  );
  if (cut === undefined || isChosen || isKnown) return undefined;
  return "A server takes over in this plan: choose one as second target first.";
}
