import { useMemo } from "react";
import type { FrontFile } from "../../shared/files/front-file.ts";
import { type DropBounds, outlookOf, type StatedOutlook } from "../../shared/guarantee/drop-bounds.ts";
import type { Design } from "../../shared/model/design.ts";
import { isBackbone } from "../../shared/model/plan.ts";
import { type OutlookBasis, safePlan } from "../../shared/presentation/plans/safe-plan.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import { useDesign } from "./design-store.ts";
import { type LiveState, useLive } from "./live-store.ts";
import { knownFigures, usePlans } from "./plan-store.ts";
import { useProject } from "./project-store.ts";
import type { Recommended } from "./take-recommended.ts";

const weighted: DropBounds = { none: "weights" };
const partitioned: DropBounds = { none: "server" };
const fitted: DropBounds = { none: "per-class" };

/** What bounds drops on new images now: as the last search found out, if it searched what is designed for. */
function boundsFor(
  front: FrontFile | null | undefined,
  offload: Design["offload"],
  space: SearchSpace,
): DropBounds | undefined {
  if (space.weights) return weighted;
  if (offload) return partitioned;
  const bounds = front?.dropBounds;
  const wasOther = bounds && "none" in bounds && bounds.none !== "per-class";
  return wasOther ? undefined : bounds;
}

function basisOf(
  front: FrontFile | null | undefined,
  { useCase, offload }: Pick<Design, "useCase" | "offload">,
  { space, backbone }: Pick<LiveState, "space" | "backbone">,
): OutlookBasis | undefined {
  if (!space || !backbone) return undefined;
  const bounds = boundsFor(front, offload, space);
  return { bounds, useCase, backboneAccuracy: backbone.accuracy, samples: space.samples };
}

export function currentOutlookBasis(): OutlookBasis | undefined {
  return basisOf(useProject.getState().project?.front, useDesign.getState(), useLive.getState());
}

/** Undefined while no plan can be judged. */
export function useOutlookBasis(): OutlookBasis | undefined {
  const front = useProject((state) => state.project?.front);
  const space = useLive((state) => state.space);
  const backbone = useLive((state) => state.backbone);
  const useCase = useDesign((design) => design.useCase);
  const offload = useDesign((design) => design.offload);
  return useMemo(
    () => basisOf(front, { useCase, offload }, { space, backbone }),
    [front, space, backbone, useCase, offload],
  );
}

/** What is said of the live plan's drop on new images; undefined while its figures aren't known. */
export function useLiveOutlook(): StatedOutlook | undefined {
  const basis = useOutlookBasis();
  const tables = useProject((state) => state.tables);
  const exits = useDesign((design) => design.exits);
  const isAlone = useDesign(isBackbone);
  const figures = useLive((state) => state.figures);
  if (!basis || !figures) return undefined;
  const isFitted = exits.some(({ policy }) => tables.get(policy)?.classOffsets !== undefined);
  const { bounds, useCase, ...rest } = basis;
  const known = bounds && "none" in bounds ? bounds : isFitted ? fitted : bounds;
  return outlookOf({ figures, isBackbone: isAlone, ...rest }, known, useCase);
}

/** The plan known that is best of those that keep the wish as it is now; null if there is none. */
export function useSafePlan(): Recommended | null {
  const basis = useOutlookBasis();
  const plans = usePlans((state) => state.plans);
  const found = useProject((state) => state.project?.front?.safe?.plan);
  return useMemo(() => {
    if (!basis) return null;
    const own = plans.flatMap((plan) =>
      plan.role === "ours" && plan.figures ? [{ plan, figures: plan.figures }] : [],
    );
    const figures = found && knownFigures(found);
    const safe = safePlan(figures ? [{ plan: found, figures }, ...own] : own, basis);
    const { useCase, backboneAccuracy } = basis;
    return safe && { plan: safe.plan, judged: { figures: safe.figures, backboneAccuracy }, useCase };
  }, [basis, plans, found]);
}
