import { useMemo } from "react";
import { projectSpaces } from "../../../shared/files/project-spaces.ts";
import {
  type Axis,
  backbonePlace,
  isKnown,
  knownPlace,
  type Place,
} from "../../../shared/presentation/chart/axes.ts";
import type { PlacedPlan, SeriesLayer } from "../../../shared/presentation/chart/series-layers.ts";
import { backbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import type { DesignSpace } from "../../../shared/space/design-space.ts";
import { useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { figuresOn } from "../../state/plan-store.ts";
import { useProject } from "../../state/project-store.ts";

/** Our front as it is on another device, with the same server if there is one. */
export interface OtherTarget {
  readonly partitionSpaces: readonly DesignSpace[];
  readonly backbone: Place;
  readonly pairs: readonly { readonly here: PlacedPlan; readonly there: Place }[];
}

/** @returns null if no other target is chosen, or its profile lacks what the plans need */
export function useOtherTarget(layers: readonly SeriesLayer[], axis: Axis): OtherTarget | null {
  const otherTarget = useChart((state) => state.otherTarget);
  const project = useProject((state) => state.project);
  const profile = project?.profiles.find(({ id }) => id === otherTarget);
  const tables = useProject((state) => state.tables);
  const memberTables = useProject((state) => state.memberTables);
  const accuracy = useLive((state) => state.backbone?.accuracy);
  const classWeights = useDesign((state) => state.useCase.classWeights);
  const server = useDesign((state) => state.offload?.server);
  const link = useDesign((state) => state.offload?.link);
  const partitionSpaces = useMemo(() => {
    if (!project || !profile || tables.size === 0) return [];
    const offload = server === undefined || !link ? undefined : { server, link };
    try {
      return projectSpaces(project, { tables, memberTables }, { device: profile, classWeights, offload });
    } catch {
      return [];
    }
  }, [project, tables, memberTables, profile, classWeights, server, link]);
  return useMemo(() => {
    if (!project || !profile || accuracy === undefined || partitionSpaces.length === 0) return null;
    const backbone = backbonePoint(project.backbone, profile, accuracy);
    const place = backbonePlace(backbone, axis);
    if (!isKnown(place)) return null;
    const ours = layers.find(({ series }) => series.role === "ours")?.front ?? [];
    const pairs = ours.flatMap((here) => {
      const figures = figuresOn(partitionSpaces, here.plan);
      const there = knownPlace(figures, axis);
      return there ? [{ here, there }] : [];
    });
    return { partitionSpaces, backbone: place, pairs };
  }, [partitionSpaces, project, profile, accuracy, layers, axis]);
}
