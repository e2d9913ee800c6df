import { figuresOf } from "../../shared/evaluate/live/place-exits.ts";
import { isSamePlan } from "../../shared/model/plan.ts";
import { measuredOf, type Statement, verdict } from "../../shared/presentation/verdict/verdict.ts";
import type { Verified } from "../../shared/presentation/verdict/verified-figures.ts";
import { livePlanOf, useDesign } from "../state/design-store.ts";
import { useLive } from "../state/live-store.ts";
import { useOpenProject } from "../state/project-store.ts";

/** What is to be said of the live plan now that it has been verified. */
export function useVerdict(verified: Verified): Statement[] {
  const project = useOpenProject();
  const design = useDesign();
  const { partitionSpaces, backbone } = useLive();
  const plan = livePlanOf(design);
  // Files are verified on this target alone, wherever the plan is partitioned.
  const figures = partitionSpaces.length > 0 ? figuresOf(partitionSpaces[0].space, plan.exits) : null;
  const { front, backbone: model } = project;
  return verdict({
    exits: plan.exits.length,
    useCase: design.useCase,
    chosen: figures && backbone ? { figures, backboneAccuracy: backbone.accuracy } : undefined,
    measured: measuredOf(verified, model.peakActivationBytes),
    guarantee: front && isSamePlan(plan, front.recommended) ? front.guarantee : undefined,
    warnings: model.warnings,
    trust: project.trust,
    isProven: front?.searches[0]?.proven,
  });
}
