import { useMemo } from "react";
import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import { projectSpaces } from "../../../shared/files/project-spaces.ts";
import type { PartitionedPlan } from "../../../shared/model/plan.ts";
import {
  type Axis,
  backbonePlace,
  isKnown,
  knownPlace,
  type Place,
} from "../../../shared/presentation/chart/axes.ts";
import { backbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import { type DesignSpace, findSpace } from "../../../shared/space/design-space.ts";
import { allTargets, useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import { useTargetTitles } from "../../state/target-titles.ts";

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
  const titles = useTargetTitles();
  return useMemo(() => {
    if (!isShown || !project || accuracy === undefined || tables.size === 0) return none;
    return project.profiles.flatMap((profile) => {
      if (profile === chosen) return [];
      try {
        const networks = { tables, memberTables };
        const spaces = projectSpaces(project, networks, { device: profile, classWeights });
        const backbone = backbonePlace(backbonePoint(project.backbone, profile, accuracy), axis);
        return isKnown(backbone)
          ? [{ id: profile.id, name: titles.short(profile.id), spaces, backbone }]
          : [];
      } catch {
        // Its profile lacks what the plans need, as the Profile panel says.
        return [];
      }
    });
  }, [isShown, project, tables, memberTables, accuracy, classWeights, chosen, titles, axis]);
}

/** Where a plan stands on a target by itself; null where it can't run there, or that isn't known. */
export function placeOn({ spaces }: TargetBeside, plan: PartitionedPlan, axis: Axis): Place | null {
  const on = findSpace(spaces, { chain: plan.chain });
  const figures = on && figuresOf(on.space, plan.exits);
  return knownPlace(figures ?? null, axis);
}
