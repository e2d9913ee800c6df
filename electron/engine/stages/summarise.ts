import { shareInterval } from "../../../shared/base/intervals.ts";
import { predictedInterval } from "../../../shared/evaluate/predicted-interval.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import { guaranteeSchema } from "../../../shared/guarantee/guarantee.ts";
import { type BackboneCheck, checkWarnings } from "../../../shared/model/backbone-check.ts";
import type { PlanFigures } from "../../../shared/model/plan.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { speedupsByDrop } from "../../../shared/presentation/plans/speedups-by-drop.ts";
import { networksOnTheWay } from "../../../shared/presentation/verdict/answering-networks.ts";
import {
  frontOutlook,
  measuredOf,
  runEvidence,
  verdict,
} from "../../../shared/presentation/verdict/verdict.ts";
import type { Verified } from "../../../shared/presentation/verdict/verified-figures.ts";
import { networkTitles } from "../../../shared/presentation/words/network-titles.ts";
import { weighSamples } from "../../../shared/space/sample-weights.ts";
import { trustOfTables } from "../calibrate/trust-of-tables.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { describeTarget } from "../profile/target.ts";
import { choiceTables } from "../project/choice-tables.ts";
import { networkNames, type TrainedProject } from "../project/project.ts";
import type { Verification } from "../verify/verify-model.ts";
import { compareNetworks } from "./compare-networks.ts";
import { compareReferences } from "./compare-references.ts";
import type { JudgedPlan } from "./judge-plan.ts";
import { claimsOf, type PlanInUse, predictFigures } from "./verify-stage.ts";

/** A plan that was verified. */
export interface VerifiedPlan extends PlanInUse {
  /** Its figures on the calibration split. */
  readonly chosen: FrontFile["recommended"];
  readonly chosenBy: Summary["plan"]["chosenBy"];
  readonly verification: Verification;
}

/** A run's findings. */
export interface Findings extends Omit<VerifiedPlan, "chosen"> {
  readonly project: TrainedProject;
  readonly data: OpenData;
  /** Of the backbone before training, if this run trained. */
  readonly check?: BackboneCheck;
  readonly target: TargetOptions;
  /** Recommends the plan, or has the plan that the person chose in that place. */
  readonly front: FrontFile;
  /** By which the plan is judged; whoever chose it may want something else than was searched for. */
  readonly useCase: UseCase;
  /** Int8 networks beside the plan, if there are any. */
  readonly compared?: Summary["compared"];
  /** What a run with a limited time settled for. */
  readonly timeBudget?: Summary["timeBudget"];
  readonly recorded?: Summary["recorded"];
}

/** The part of a summary that sets predicted beside measured figures. */
export type Comparison = Verified & Pick<Summary, "speedupP50">;

/** The same of a plan that stands beside no front, with what is said of it. */
export function compareJudged(
  { data, ...verified }: Omit<VerifiedPlan, "chosen" | "chosenBy"> & { readonly data: OpenData },
  { recommended, backboneAccuracy }: JudgedPlan,
  useCase: UseCase,
): Comparison & Pick<Summary, "verdict"> {
  const { backbone, tables, data: about } = verified.project;
  const comparison = comparePredicted({ ...verified, chosen: recommended, chosenBy: "person" });
  const { warnings, peakActivationBytes } = backbone.summary;
  const said = verdict({
    exits: recommended.exits.length,
    through: networksOnTheWay(verified.plan, networkNames(verified.project)),
    useCase,
    chosen: { figures: recommended.figures, backboneAccuracy },
    measured: measuredOf(comparison, recommended.figures.peakActivationBytes ?? peakActivationBytes),
    crossFit: comparison.crossFit,
    warnings,
    trust: trustOfTables(tables, about?.trainTrust),
    profile: { quality: verified.profile.quality, interval: comparison.plan.predictedInterval },
    unreadable: unreadableOf(data),
  });
  return { ...comparison, verdict: said };
}

/** Names of the files that were left out. */
function unreadableOf({ images }: OpenData): string[] {
  return Object.values(images).flatMap(({ unreadable }) => [...unreadable.keys()]);
}

/** Puts predicted beside measured; figures are of the test split, but for `plan.calibration`. */
export function comparePredicted({ chosen, chosenBy, verification, ...used }: VerifiedPlan): Comparison {
  const { project, plan, classWeights } = used;
  const prediction = predictFigures(used, verification);
  const { profiled, predicted } = prediction;
  const { measured, crossFit, ...claims } = claimsOf(used, verification);
  const samples = verification.weighted?.effectiveSamples ?? verification.samples;
  const [{ samples: chosenOn, labels }] = choiceTables(project).values();
  const weights = weighSamples(chosenOn, labels, { classWeights });
  const figures = ({ accuracy, latencyMs, energyMillijoules }: PlanFigures, worth: number) => ({
    accuracy,
    // What a plan does on images that it was chosen on says too little of others for an interval.
    ...(crossFit ? {} : { accuracyInterval: shareInterval(accuracy * worth, worth) }),
    latencyMs,
    energyMillijoules,
  });
  return {
    backbone: mutable(verification.backbone),
    plan: {
      chain: plan.chain,
      exits: plan.exits.map((exit, index) => ({ ...exit, rate: measured.exitRates[index] })),
      predicted: figures(predicted, samples),
      profiled: figures(profiled, samples),
      ...predictedBy(used, profiled),
      measured: mutable(measured),
      calibration: figures(chosen.figures, weights?.effectiveSamples ?? chosenOn),
      exitRates: { predicted: predicted.exitRates, measured: [...measured.exitRates] },
      macs: predicted.macs,
      bytes: predicted.bytes,
      feasible: chosen.feasible,
      misses: chosen.misses,
      chosenBy,
    },
    speedup: verification.speedup,
    verification: {
      samples: verification.samples,
      available: verification.available,
      speedupInterval: verification.speedupInterval,
      isMeanWithin: prediction.isMeanWithin,
      isSpeedupWithin: prediction.isSpeedupWithin,
      blocks: verification.blocks,
      leftOutBlocks: verification.leftOutBlocks,
      energySensor: verification.energySensor,
    },
    speedupP50: verification.backbone.latencyMs.p50 / measured.latencyMs.p50,
    speedupPredicted: prediction.speedup,
    crossFit,
    ...claims,
    latencyErrorPct: prediction.latencyErrorPct,
    energyErrorPct: prediction.energyErrorPct,
    machineDriftPct: prediction.machineDriftPct,
    decisionAgreement: verification.decisionAgreement,
  };
}

/** All that a run found; figures are of the test split unless the schema says otherwise. */
export function summarise(
  findings: Findings,
  stageSeconds: Readonly<Record<string, number>>,
  wallSeconds: number,
): Summary {
  const { project, data, check, target, front } = findings;
  const { summary: model } = project.backbone;
  const [search] = front.searches;
  const compared = comparePredicted({ ...findings, chosen: front.recommended });
  const summary = {
    format: "offramp-summary" as const,
    version: 2 as const,
    model: {
      name: model.name,
      sha256: model.sha256,
      graphSha256: model.graphSha256,
      macs: model.macs,
      parameters: model.parameters,
      cutPoints: model.cutPoints.length,
    },
    data: {
      path: data.source.path,
      format: data.source.format,
      classes: data.source.classNames.length,
      classOrder: data.classOrder,
      classNames: [...data.source.classNames],
      notes: [...data.notes],
      check,
      warnings: check ? checkWarnings(check) : [],
      samples: {
        train: data.images.train.count,
        calibration: data.images.calibration.count,
        test: data.images.test.count,
      },
      unreadable: unreadableOf(data),
    },
    trust: trustOfTables(project.tables, project.data.trainTrust),
    target: describeTarget(target),
    profile: findings.profile.id,
    profileQuality: findings.profile.quality,
    useCase: findings.useCase,
    guarantee: front.guarantee && guaranteeSchema.parse(front.guarantee),
    newImages: frontOutlook(front, findings.useCase),
    safe: findings.chosenBy === "search" ? front.safe : undefined,
    ...compared,
    networks: compareNetworks(findings),
    ...compareReferences(findings, front.references ?? [], compared.speedup),
    compared: findings.compared ?? [],
    search: {
      algorithm: search.algorithm,
      proven: search.proven,
      evaluations: search.evaluations,
      seconds: search.seconds,
      hypervolume: search.hypervolume,
    },
    tuning: tuningOf(front, project),
    outputs: [...project.outputs],
    timeBudget: findings.timeBudget,
    recorded: findings.recorded,
    stageSeconds: { ...stageSeconds },
    wallSeconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  return { ...summary, verdict: verdict(runEvidence({ summary, front, backbone: model })) };
}

/** What the search found with tuned networks and without. */
function tuningOf(front: FrontFile, project: TrainedProject): Summary["tuning"] {
  if (!front.frozen) return undefined;
  const { proven, hypervolume, recommended } = front.frozen;
  const titles = networkTitles(networkNames(project));
  return { frozen: { proven, hypervolume, recommended }, speedups: speedupsByDrop(front, titles) };
}

/** Where the mean of the plan lies by its profile's intervals. */
function predictedBy(
  { plan, profile, project }: PlanInUse,
  { exitRates }: PlanFigures,
): Pick<Summary["plan"], "predictedInterval"> {
  const found = predictedInterval(plan, exitRates, profile, networkNames(project));
  if (!found) return {};
  const { meanMs, speedup, energyMillijoules } = found;
  return {
    predictedInterval: {
      meanMs: [...meanMs],
      speedup: [...speedup],
      ...(energyMillijoules && { energyMillijoules: [...energyMillijoules] }),
    },
  };
}

type Measured = Omit<Verification["backbone"], "accuracyInterval"> &
  Partial<Pick<Verification["backbone"], "accuracyInterval">>;

function mutable({ accuracyInterval: bounds, ...measured }: Measured) {
  const { accuracy, latencyMs, energyMillijoules, energyIntervalMillijoules } = measured;
  const accuracyInterval: [number, number] | undefined = bounds && [...bounds];
  return { accuracy, accuracyInterval, latencyMs, energyMillijoules, energyIntervalMillijoules };
}
