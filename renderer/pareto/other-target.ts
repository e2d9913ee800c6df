import { useMemo } from "react";
import type { SearchSpace } from "../../shared/search/search-space.ts";
import { useDesign } from "../stores/design-store.ts";
import { spaceFor, useLive } from "../stores/live-store.ts";
import { useProject } from "../stores/project-store.ts";
import type { Axis, Place } from "./axes.ts";
import type { PlacedPlan, SeriesLayer } from "./chart-layers.ts";
import { useChart } from "./chart-store.ts";
import { backbonePlace, planPlace } from "./named-points.ts";
import { backboneOn, figuresOn } from "./plan-store.ts";

/** Our front as it is on a second target. */
export interface OtherTarget {
  readonly space: SearchSpace;
  readonly backbone: Place;
  readonly pairs: readonly { readonly here: PlacedPlan; readonly there: Place }[];
}

/** @returns null if no second target is chosen, or its profile lacks what the plans need */
export function useOtherTarget(layers: readonly SeriesLayer[], axis: Axis): OtherTarget | null {
  const target = useChart((state) => state.otherTarget);
  const project = useProject((state) => state.project);
  const tables = useProject((state) => state.tables);
  const accuracy = useLive((state) => state.backbone?.accuracy);
  const classWeights = useDesign((state) => state.useCase.classWeights);
  const space = useMemo(() => {
    if (target === null) return null;
    try {
      return spaceFor(project, tables, target, { classWeights });
    } catch {
      return null;
    }
  }, [project, tables, target, classWeights]);
  return useMemo(() => {
    const backbone = target === null ? null : backboneOn(project, target, accuracy);
    if (!space || !backbone) return null;
    const ours = layers.find(({ series }) => series.role === "ours")?.front ?? [];
    const pairs = ours.flatMap((here) => {
      const figures = figuresOn(space, here.plan.exits);
      return figures ? [{ here, there: planPlace(figures, axis) }] : [];
    });
    return { space, backbone: backbonePlace(backbone, axis), pairs };
  }, [space, project, target, accuracy, layers, axis]);
}
