import { ShieldCheck, ShieldQuestion } from "lucide-react";
import { useMemo } from "react";
import { formatPercent, formatPoints } from "../../../shared/base/format-number.ts";
import { planBounds } from "../../../shared/guarantee/plan-bounds.ts";
import { countEvidence, riskLimits } from "../../../shared/guarantee/plan-evidence.ts";
import { isSamePlan } from "../../../shared/model/plan.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import {
  describeGuarantee,
  formatConfidence,
} from "../../../shared/presentation/words/describe-guarantee.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useDebounced } from "../pieces/use-debounced.ts";
import styles from "./GuaranteeNote.module.css";

/** Of the live plan: what the search guarantees if it is the plan that was tested, else what its samples show by themselves. */
export function GuaranteeNote() {
  const useCase = useDesign((state) => state.useCase);
  const exits = useDesign((state) => state.exits);
  const cut = useDesign((state) => state.offload?.cut);
  const front = useProject(({ project }) => project?.front);
  if (useCase.confidence === undefined) return null;
  const guarantee = front && isSamePlan({ exits, cut }, front.recommended) ? front.guarantee : undefined;
  if (guarantee?.confidence === useCase.confidence)
    return (
      <p className={styles.note}>
        {guarantee.holds ? <ShieldCheck size={14} aria-hidden /> : <ShieldQuestion size={14} aria-hidden />}
        <span>{`${sentence(describeGuarantee(guarantee, exits.length))} The test split has the last word.`}</span>
      </p>
    );
  return <LiveBounds useCase={useCase} confidence={useCase.confidence} />;
}

/** A plan tuned by hand was fitted to the samples that the bounds come from, and says so. */
function LiveBounds({ useCase, confidence }: { readonly useCase: UseCase; readonly confidence: number }) {
  const routing = useDebounced(useLive((state) => state.routing));
  const space = useLive((state) => state.space);
  const bounds = useMemo(
    () => routing && space && planBounds(countEvidence(routing.correct, space.backboneCorrect), confidence),
    [routing, space, confidence],
  );
  if (space?.weights)
    return (
      <p className={styles.note}>
        <ShieldQuestion size={14} aria-hidden />
        <span>No guarantee: it holds for samples as they come, and these are weighted by class.</span>
      </p>
    );
  if (!bounds) return null;
  const { maxDrop, minAccuracy } = riskLimits(useCase);
  const shown = [
    maxDrop !== undefined && `a drop of at most ${formatPoints(bounds.dropPp)}`,
    minAccuracy !== undefined && `an accuracy of at least ${formatPercent(bounds.accuracy, 2)}`,
  ].filter((text) => text !== false);
  return (
    <p className={styles.note}>
      <ShieldQuestion size={14} aria-hidden />
      <span>
        {`No guarantee. If this plan had been fixed before these samples were seen, they would show ${shown.join(" and ")} with ${formatConfidence(confidence)} confidence. A plan that is tuned on them may do worse; a search tests its own on samples kept apart.`}
      </span>
    </p>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
