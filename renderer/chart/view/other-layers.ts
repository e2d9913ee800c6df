import { useMemo } from "react";
import type { OtherFront } from "../../../shared/files/other-front.ts";
import type { Axis } from "../../../shared/presentation/chart/axes.ts";
import { type Ground, otherLayer } from "../../../shared/presentation/chart/other-fronts.ts";
import type { SeriesLayer } from "../../../shared/presentation/chart/series-layers.ts";
import type { Series } from "../../../shared/presentation/plans/series.ts";
import { currentGround, groundOf, otherFrontSeries, useOtherFronts } from "../../state/other-fronts.ts";
import { usePlans } from "../../state/plan-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";

const none: readonly never[] = [];

function useGround(): Ground | null {
  const backbone = usePlans((state) => state.backbone);
  const project = useOpenProject();
  const profile = useTargetProfile();
  return useMemo(() => groundOf(project, profile, backbone), [project, profile, backbone]);
}

/** Of the legend. */
export function useOtherSeries(): readonly Series[] {
  const { fronts } = useOtherFronts();
  const here = useGround();
  return useMemo(
    () => (here ? fronts.map((front, slot) => otherFrontSeries(front, slot, here)) : none),
    [fronts, here],
  );
}

/** Fronts of other projects as they are drawn. */
export function useOtherLayers(axis: Axis, hidden: readonly string[]): readonly SeriesLayer[] {
  const { fronts } = useOtherFronts();
  const here = useGround();
  return useMemo(() => (here ? layersOf(here, fronts, axis, hidden) : none), [fronts, here, axis, hidden]);
}

export function currentOtherLayers(axis: Axis, hidden: readonly string[]): readonly SeriesLayer[] {
  const here = currentGround();
  return here ? layersOf(here, useOtherFronts.getState().fronts, axis, hidden) : none;
}

function layersOf(
  here: Ground,
  fronts: readonly OtherFront[],
  axis: Axis,
  hidden: readonly string[],
): readonly SeriesLayer[] {
  return fronts
    .map((front, slot) => otherLayer(front, otherFrontSeries(front, slot, here), here, axis))
    .filter(({ series }) => !hidden.includes(series.id));
}
