import { useMemo } from "react";
import {
  type PlanOnTarget,
  type ProjectTarget,
  planOnTargets,
  projectTargets,
} from "../../../shared/fleet/project-targets.ts";
import type { PartitionedPlan } from "../../../shared/model/plan.ts";
import {
  type Axis,
  backbonePlace,
  isKnown,
  knownPlace,
  type Place,
} from "../../../shared/presentation/chart/axes.ts";
import { backbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import { allTargets, useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { networksIn } from "../../state/network-titles.ts";
import { useOpenProject, useProject } from "../../state/project-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import { useTargetTitles } from "../../state/target-titles.ts";

const none: readonly never[] = [];

/** The project's targets, all with the server and the link of the design if it has any; none unless the person asks for them. */
export function useAllTargets(): readonly ProjectTarget[] {
  const isShown = useChart((state) => state.otherTarget === allTargets);
  const project = useProject((state) => state.project);
  const tables = useProject((state) => state.tables);
  const memberTables = useProject((state) => state.memberTables);
  const classWeights = useDesign((state) => state.useCase.classWeights);
  const server = useDesign((state) => state.offload?.server);
  const link = useDesign((state) => state.offload?.link);
  return useMemo(() => {
    if (!isShown || !project || tables.size === 0) return none;
    const offload = server === undefined || !link ? undefined : { server, link };
    try {
      return projectTargets(project, { tables, memberTables }, { offload, classWeights });
    } catch {
      // Nothing can be evaluated on the chosen target either, and why is said with the live plan.
      return none;
    }
  }, [isShown, project, tables, memberTables, classWeights, server, link]);
}

/** A target beside the chosen one, with its backbone on the chart. */
export interface TargetBeside {
  readonly id: string;
  readonly name: string;
  readonly backbone: Place;
}

/** The live plan as it is beside the chosen target. */
export interface PlacesBeside {
  readonly targets: readonly TargetBeside[];
  /** Where it stands on each of them; null where it can't run there, or that isn't known. */
  placesOf(plan: PartitionedPlan): readonly (Place | null)[];
}

/** The targets other than the chosen one that there is a place for on the chart. */
export function useBeside(all: readonly ProjectTarget[], axis: Axis): PlacesBeside {
  const project = useOpenProject();
  const accuracy = useLive((state) => state.backbone?.accuracy);
  const chosen = useTargetProfile();
  const titles = useTargetTitles();
  return useMemo(() => {
    const others = all.flatMap((target) => {
      const { profile } = target;
      if (profile === chosen || accuracy === undefined) return [];
      const backbone = backbonePlace(backbonePoint(project.backbone, profile, accuracy), axis);
      return isKnown(backbone)
        ? [{ target, beside: { id: profile.id, name: titles.short(profile.id), backbone } }]
        : [];
    });
    const evaluated = others.map(({ target }) => target);
    const networks = networksIn(project);
    return {
      targets: others.map(({ beside }) => beside),
      placesOf: (plan) =>
        planOnTargets(plan, evaluated, axis.latency ?? "mean", networks).map((there) => placeOf(there, axis)),
    };
  }, [all, project, accuracy, chosen, titles, axis]);
}

function placeOf(there: PlanOnTarget, axis: Axis): Place | null {
  return knownPlace("lack" in there ? null : there.figures, axis);
}
