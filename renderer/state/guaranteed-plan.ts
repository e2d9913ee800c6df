import { useMemo } from "react";
import type { FrontFile } from "../../shared/files/front-file.ts";
import type { PlanFigures } from "../../shared/model/plan.ts";
import { useLive } from "./live-store.ts";
import { knownFigures } from "./plan-store.ts";
import { useProject } from "./project-store.ts";

/** The plan that the last search recommends with a guarantee, on the chosen target. */
export interface GuaranteedPlan {
  readonly figures: PlanFigures;
}

function guaranteedPlan(front: FrontFile | null | undefined): GuaranteedPlan | null {
  const { guarantee, recommended } = front ?? {};
  // The backbone alone has a mark of its own.
  if (!guarantee?.holds || !recommended || recommended.exits.length === 0) return null;
  const figures = knownFigures(recommended);
  return figures && { figures };
}

export function useGuaranteedPlan(): GuaranteedPlan | null {
  const front = useProject((state) => state.project?.front);
  const space = useLive((state) => state.space);
  return useMemo(() => (space ? guaranteedPlan(front) : null), [front, space]);
}

export function currentGuaranteedPlan(): GuaranteedPlan | null {
  return guaranteedPlan(useProject.getState().project?.front);
}
