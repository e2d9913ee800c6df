import { searchedSecondTarget } from "../../shared/files/searched-targets.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { takePlan, useDesign } from "./design-store.ts";
import { useProject } from "./project-store.ts";

/** Takes a plan; with one that is partitioned, if no second target is chosen, the one that the last search knew. */
export function takeFound(plan: PartitionedPlan): void {
  const { project } = useProject.getState();
  const isCut = plan.cut !== undefined;
  const second = isCut && project?.front ? searchedSecondTarget(project.front, project) : undefined;
  takePlan(plan, second);
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
