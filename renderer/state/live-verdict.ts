import { samePlainData } from "../../shared/base/plain-data.ts";
import { pairedAccuracy } from "../../shared/evaluate/live/paired-accuracy.ts";
import { figuresOf } from "../../shared/evaluate/live/place-exits.ts";
import { ownRival, type Rival, rivalsOf } from "../../shared/evaluate/live/rival.ts";
import { weightingOf } from "../../shared/evaluate/live/weighted-accuracy.ts";
import { type PredictedInterval, predictedInterval } from "../../shared/evaluate/predicted-interval.ts";
import type { ProjectView } from "../../shared/files/project-view.ts";
import { crossFitFor, guaranteeFor } from "../../shared/files/searched-use-case.ts";
import { isSamePlan } from "../../shared/model/plan.ts";
import type { Statement } from "../../shared/model/statement.ts";
import { type PlanGain, planGains } from "../../shared/presentation/plans/plan-gains.ts";
import { networksOnTheWay } from "../../shared/presentation/verdict/answering-networks.ts";
import { besideFrozen } from "../../shared/presentation/verdict/tuned-plan.ts";
import { profiledPlan, safeOf, verdict } from "../../shared/presentation/verdict/verdict.ts";
import { networkTitles } from "../../shared/presentation/words/network-titles.ts";
import { type DesignSpace, findSpace } from "../../shared/space/design-space.ts";
import { effectiveSamples } from "../../shared/space/search-space.ts";
import { livePlanOf, useDesign } from "./design-store.ts";
import { useLiveOutlook } from "./live-outlook.ts";
import { type LiveState, useLive } from "./live-store.ts";
import { networksIn } from "./network-titles.ts";
import { useOpenProject } from "./project-store.ts";
import { useTargetProfile } from "./target-profile.ts";

/**
 * What is to be said of the live plan; nothing while its figures aren't known.
 * @param onDevice of the device alone, wherever the plan is partitioned: exported files are measured there
 */
export function useLiveVerdict({ onDevice = false } = {}): Statement[] {
  const project = useOpenProject();
  const { front, backbone: model, trust, references } = project;
  const profile = useTargetProfile();
  const target = profile?.id;
  const design = useDesign();
  const live = useLive();
  const { useCase, exits, chain } = design;
  const found = front && isSamePlan(livePlanOf(design), front.recommended) ? front : undefined;
  const guarantee = guaranteeFor(found, useCase);
  const outlook = useLiveOutlook();
  const { space, routing, backbone } = live;
  const isPartitioned = design.offload?.cut !== undefined;
  const isElsewhere = onDevice && isPartitioned;
  const device = isElsewhere ? findSpace(live.partitionSpaces, { chain }) : undefined;
  const figures = isElsewhere ? device && figuresOf(device.space, exits) : live.figures;
  if (!figures || !backbone || !routing || !space) return [];
  const plan = { correct: routing.correct, meanMs: figures.latencyMs.mean };
  // A partitioned plan runs on two targets, a reference on one.
  const isOnOne = onDevice || !isPartitioned;
  const beside = references.filter((one) => one.target === target && isOnOne);
  const { rivals, uncompared } = rivalsOf(beside, front?.crossFit ?? "calibration", plan, space);
  return verdict({
    exits: exits.length,
    through: networksOnTheWay({ exits, chain }, networksIn(project)),
    useCase,
    chosen: { figures, backboneAccuracy: backbone.accuracy },
    isNearest: found && !found.recommended.feasible && samePlainData(found.useCase, useCase),
    gains: liveGains({ ...live, figures }),
    guarantee,
    outlook,
    besideFrozen:
      found && samePlainData(found.useCase, useCase) ? besideFrozen(found, networksIn(project)) : undefined,
    safe: found && samePlainData(found.useCase, useCase) ? safeOf(found) : undefined,
    crossFit: crossFitFor(front, found !== undefined),
    rivals: isOnOne ? [...rivals, ...ownRivals(project, beside, live.partitionSpaces, plan)] : rivals,
    uncompared,
    weighted: weightingOf(routing.correct, space),
    warnings: model.warnings,
    trust,
    // A partitioned plan's latency is two profiles', and the link's.
    profile:
      profile &&
      (isPartitioned && !onDevice
        ? { quality: profile.quality }
        : profiledPlan({ exits, chain, figures }, profile, networksIn(project))),
    isProven: found?.searches[0]?.proven,
  });
}

/** The project's further networks by themselves beside the live plan, but for those that are reference models too. */
function ownRivals(
  project: ProjectView,
  references: ProjectView["references"],
  spaces: readonly DesignSpace[],
  plan: Parameters<typeof ownRival>[2],
): Rival[] {
  const titles = networkTitles(networksIn(project));
  return project.members.flatMap(({ backbone: { sha256 } }) => {
    const isReference = references.some((reference) => reference.sha256 === sha256);
    const alone = isReference ? undefined : findSpace(spaces, { chain: [sha256] });
    return alone ? [ownRival(titles.whole(sha256), alone.space, plan)] : [];
  });
}

/** Where the live plan's mean lies by its profile's intervals; a partitioned plan's latency is two profiles', and the link's. */
export function useLivePrediction(): PredictedInterval | undefined {
  const profile = useTargetProfile();
  const project = useOpenProject();
  const { exits, chain, offload } = useDesign();
  const figures = useLive((state) => state.figures);
  if (!profile || !figures || offload?.cut !== undefined) return undefined;
  return predictedInterval({ exits, chain }, figures.exitRates, profile, networksIn(project));
}

/**
 * The live plan's figures beside the backbone's; none while they aren't known.
 * @param predicted where its mean lies, if that is known
 */
export function liveGains(
  { figures, backbone, routing, space }: LiveState,
  predicted?: PredictedInterval,
): PlanGain[] {
  if (!figures || !backbone || !routing || !space) return [];
  return planGains(figures, backbone, {
    predicted,
    samples: effectiveSamples(space),
    ...pairedAccuracy(routing.correct, space),
  });
}
