import { useMemo } from "react";
import type { CutSpace } from "../../../shared/offload/cut-space.ts";
import { type Axis, type Place, planPlace } from "../../../shared/presentation/axes.ts";
import { backbonePlace } from "../../../shared/presentation/backbone-point.ts";
import type { PlacedPlan, SeriesLayer } from "../../../shared/presentation/series-layers.ts";
import { useChart } from "../../state/chart-store.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive, waysOn } from "../../state/live-store.ts";
import { backboneOn, figuresOn } from "../../state/plan-store.ts";
import { useProject } from "../../state/project-store.ts";

/** Our front as it is on another device, with the same server if there is one. */
export interface OtherTarget {
  readonly ways: readonly CutSpace[];
  readonly backbone: Place;
  readonly pairs: readonly { readonly here: PlacedPlan; readonly there: Place }[];
}

/** @returns null if no other target is chosen, or its profile lacks what the plans need */
export function useOtherTarget(layers: readonly SeriesLayer[], axis: Axis): OtherTarget | null {
  const target = useChart((state) => state.otherTarget);
  const project = useProject((state) => state.project);
  const tables = useProject((state) => state.tables);
  const accuracy = useLive((state) => state.backbone?.accuracy);
  const classWeights = useDesign((state) => state.useCase.classWeights);
  const server = useDesign((state) => state.offload?.server);
  const link = useDesign((state) => state.offload?.link);
  const ways = useMemo(() => {
    if (target === null) return [];
    const offload = server === undefined || !link ? undefined : { server, link };
    try {
      return waysOn(project, tables, { target, useCase: { classWeights }, offload });
    } catch {
      return [];
    }
  }, [project, tables, target, classWeights, server, link]);
  return useMemo(() => {
    const backbone = target === null ? null : backboneOn(project, target, accuracy);
    if (ways.length === 0 || !backbone) return null;
    const ours = layers.find(({ series }) => series.role === "ours")?.front ?? [];
    const pairs = ours.flatMap((here) => {
      const figures = figuresOn(ways, here.plan);
      return figures ? [{ here, there: planPlace(figures, axis) }] : [];
    });
    return { ways, backbone: backbonePlace(backbone, axis), pairs };
  }, [ways, project, target, accuracy, layers, axis]);
}
