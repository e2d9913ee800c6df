import { useMemo } from "react";
import { planBounds } from "../../../shared/guarantee/plan-bounds.ts";
import { countEvidence } from "../../../shared/guarantee/plan-evidence.ts";
import { isSamePlan } from "../../../shared/model/plan.ts";
import { verdict } from "../../../shared/presentation/verdict/verdict.ts";
import type { ShownBounds } from "../../../shared/presentation/words/describe-guarantee.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useDebounced } from "../pieces/use-debounced.ts";
import { LiveStatement } from "./LiveStatement.tsx";

/** Of the live plan: what the search guarantees if it is the plan that was tested, else what its samples show by themselves. */
export function GuaranteeNote() {
  const design = useDesign();
  const front = useProject(({ project }) => project?.front);
  const { useCase, exits } = design;
  const isTested = front && isSamePlan(livePlanOf(design), front.recommended);
  const guarantee =
    isTested && front.guarantee?.confidence === useCase.confidence ? front.guarantee : undefined;
  const bounds = useLiveBounds(guarantee ? undefined : useCase.confidence);
  if (!guarantee && !bounds) return null;
  return verdict({ exits: exits.length, useCase, guarantee, bounds }).map((statement) => (
    <LiveStatement key={statement.topic} statement={statement} />
  ));
}

/** @param confidence undefined where no bounds are wanted */
function useLiveBounds(confidence: number | undefined): ShownBounds | undefined {
  const routing = useDebounced(useLive((state) => state.routing));
  const space = useLive((state) => state.space);
  return useMemo(() => {
    if (confidence === undefined || !space) return undefined;
    if (space.weights) return "weighted";
    return routing
      ? planBounds(countEvidence(routing.correct, space.backboneCorrect), confidence)
      : undefined;
  }, [routing, space, confidence]);
}
