import { useMemo } from "react";
import type { FrontFile } from "../../shared/files/front-file.ts";
import { guaranteeFor } from "../../shared/files/searched-use-case.ts";
import type { PartitionedPlan, PlanFigures } from "../../shared/model/plan.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { useDesign } from "./design-store.ts";
import { useLive } from "./live-store.ts";
import { knownFigures } from "./plan-store.ts";
import { useProject } from "./project-store.ts";

/** The plan that the last search recommends with the guarantee that is wanted, on the chosen target. */
export interface GuaranteedPlan {
  readonly plan: PartitionedPlan;
  readonly figures: PlanFigures;
}

function guaranteedPlan(front: FrontFile | null | undefined, useCase: UseCase): GuaranteedPlan | null {
  if (!front || !guaranteeFor(front, useCase)?.holds) return null;
  const { recommended: plan } = front;
  const figures = knownFigures(plan);
  return figures && { plan, figures };
}

export function useGuaranteedPlan(): GuaranteedPlan | null {
  const front = useProject((state) => state.project?.front);
  const space = useLive((state) => state.space);
  const useCase = useDesign((state) => state.useCase);
  return useMemo(() => (space ? guaranteedPlan(front, useCase) : null), [front, space, useCase]);
}

export function currentGuaranteedPlan(): GuaranteedPlan | null {
  return guaranteedPlan(useProject.getState().project?.front, useDesign.getState().useCase);
}
