import { useMemo } from "react";
import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import { projectSpaces } from "../../../shared/files/project-spaces.ts";
import type { PartitionedPlan } from "../../../shared/model/plan.ts";
import { type Axis, backbonePlace, type Place, planPlace } from "../../../shared/presentation/chart/axes.ts";
import { targetNames } from "../../../shared/presentation/chart/target-labels.ts";
import { backbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import { type DesignSpace, findSpace } from "../../../shared/space/design-space.ts";
import { allTargets, useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";

/** A target beside the chosen one, and how a plan is evaluated on it. */
export interface TargetBeside {
  readonly id: string;
  readonly name: string;
  readonly spaces: readonly DesignSpace[];
  readonly backbone: Place;
}

const none: readonly TargetBeside[] = [];

/** The project's other targets, on each of which the live plan is shown; none unless the person asks for them. */
export function useTargetsBeside(axis: Axis): readonly TargetBeside[] {
  const isShown = useChart((state) => state.otherTarget === allTargets);
  const project = useProject((state) => state.project);
  const tables = useProject((state) => state.tables);
  const memberTables = useProject((state) => state.memberTables);
  const accuracy = useLive((state) => state.backbone?.accuracy);
  const classWeights = useDesign((state) => state.useCase.classWeights);
  const chosen = useTargetProfile();
  return useMemo(() => {
    if (!isShown || !project || accuracy === undefined || tables.size === 0) return none;
    const names = targetNames(project.profiles.map(({ target }) => target));
    return project.profiles.flatMap((profile, at) => {
      if (profile === chosen) return [];
      try {
        const networks = { tables, memberTables };
        const spaces = projectSpaces(project, networks, { device: profile, classWeights });
        const backbone = backbonePlace(backbonePoint(project.backbone, profile, accuracy), axis);
        return [{ id: profile.id, name: names[at], spaces, backbone }];
      } catch {
        // Its profile lacks what the plans need, as the Profile panel says.
        return [];
      }
    });
  }, [isShown, project, tables, memberTables, accuracy, classWeights, chosen, axis]);
}

/** Where a plan stands on a target by itself; undefined where it can't run there. */
export function placeOn({ spaces }: TargetBeside, plan: PartitionedPlan, axis: Axis): Place | undefined {
  const on = findSpace(spaces, { chain: plan.chain });
  const figures = on && figuresOf(on.space, plan.exits);
  return figures ? planPlace(figures, axis) : undefined;
}
