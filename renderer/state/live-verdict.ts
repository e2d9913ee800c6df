import { useMemo } from "react";
import { samePlainData } from "../../shared/base/plain-data.ts";
import { pairedAccuracy } from "../../shared/evaluate/live/paired-accuracy.ts";
import { figuresOf } from "../../shared/evaluate/live/place-exits.ts";
import { rivalOf } from "../../shared/evaluate/live/rival.ts";
import { guaranteeFor } from "../../shared/files/searched-use-case.ts";
import type { Summary } from "../../shared/files/summary.ts";
import { planBounds } from "../../shared/guarantee/plan-bounds.ts";
import { countEvidence } from "../../shared/guarantee/plan-evidence.ts";
import { isSamePlan } from "../../shared/model/plan.ts";
import type { Statement } from "../../shared/model/statement.ts";
import { type PlanGain, planGains } from "../../shared/presentation/plans/plan-gains.ts";
import { verdict } from "../../shared/presentation/verdict/verdict.ts";
import type { ShownBounds } from "../../shared/presentation/words/describe-guarantee.ts";
import { countRight } from "../../shared/space/reference-point.ts";
import { correctOfReference, effectiveSamples, type SearchSpace } from "../../shared/space/search-space.ts";
import { livePlanOf, useDesign } from "./design-store.ts";
import { type LiveState, useLive } from "./live-store.ts";
import { useOpenProject } from "./project-store.ts";
import { useTargetProfile } from "./target-profile.ts";
import { useDebounced } from "./use-debounced.ts";

/**
 * What is to be said of the live plan; nothing while its figures aren't known.
 * @param onDevice of the device alone, wherever the plan is partitioned: exported files are measured there
 */
export function useLiveVerdict({ onDevice = false } = {}): Statement[] {
  const { front, backbone: model, trust, references } = useOpenProject();
  const target = useTargetProfile()?.id;
  const design = useDesign();
  const live = useLive();
  const { useCase, exits } = design;
  const found = front && isSamePlan(livePlanOf(design), front.recommended) ? front : undefined;
  const guarantee = guaranteeFor(found, useCase);
  const bounds = useLiveBounds(guarantee ? undefined : useCase.confidence);
  const { space, routing, backbone } = live;
  const isPartitioned = design.offload?.cut !== undefined;
  const isElsewhere = onDevice && isPartitioned;
  const figures = isElsewhere ? figuresOf(live.partitionSpaces[0].space, exits) : live.figures;
  if (!figures || !backbone || !routing || !space) return [];
  const plan = { correct: routing.correct, meanMs: figures.latencyMs.mean };
  // A partitioned plan runs on two targets, a reference on one.
  const rivals = references
    .filter((reference) => reference.target === target && (onDevice || !isPartitioned))
    .flatMap((reference) => rivalOf(reference, "calibration", plan, space) ?? []);
  return verdict({
    exits: exits.length,
    // Bounds follow a moment later; until then they aren't missed.
    useCase: guarantee || bounds ? useCase : { ...useCase, confidence: undefined },
    chosen: { figures, backboneAccuracy: backbone.accuracy },
    isNearest: found && !found.recommended.feasible && samePlainData(found.useCase, useCase),
    gains: liveGains({ ...live, figures }),
    guarantee,
    bounds,
    rivals,
    weighted: weightingOf(routing.correct, space),
    warnings: model.warnings,
    trust,
    isProven: found?.searches[0]?.proven,
  });
}

/** The live plan's figures beside the backbone's; none while they aren't known. */
export function liveGains({ figures, backbone, routing, space }: LiveState): PlanGain[] {
  if (!figures || !backbone || !routing || !space) return [];
  return planGains(figures, backbone, {
    samples: effectiveSamples(space),
    ...pairedAccuracy(routing.correct, space),
  });
}

/** What weighted figures are worth, and the accuracies with all samples alike; undefined where they are. */
function weightingOf(correct: Uint8Array, space: SearchSpace): Summary["weighted"] {
  if (!space.weights) return undefined;
  const { differencePp, halfWidthPp } = pairedAccuracy(correct, { ...space, weights: undefined });
  return {
    effectiveSamples: space.weights.effectiveSamples,
    unweighted: {
      backbone: countRight(correctOfReference(space)) / correct.length,
      plan: countRight(correct) / correct.length,
      accuracyDropPp: -differencePp,
      accuracyDropHalfWidthPp: halfWidthPp,
    },
  };
}

/** @param confidence undefined where no bounds are wanted */
function useLiveBounds(confidence: number | undefined): ShownBounds | undefined {
  const routing = useDebounced(useLive((state) => state.routing));
  const space = useLive((state) => state.space);
  return useMemo(() => {
    if (confidence === undefined || !space) return undefined;
    if (space.weights) return "weighted";
    return routing
      ? planBounds(countEvidence(routing.correct, correctOfReference(space)), confidence)
      : undefined;
  }, [routing, space, confidence]);
}
