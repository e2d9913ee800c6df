import { shareInterval } from "../../../shared/base/intervals.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import { guaranteeSchema } from "../../../shared/guarantee/guarantee.ts";
import { type BackboneCheck, checkWarnings } from "../../../shared/model/backbone-check.ts";
import type { PlanFigures } from "../../../shared/model/plan.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { measuredOf, runEvidence, verdict } from "../../../shared/presentation/verdict/verdict.ts";
import type { Verified } from "../../../shared/presentation/verdict/verified-figures.ts";
import { weighSamples } from "../../../shared/space/sample-weights.ts";
import { trustOfTables } from "../calibrate/trust-of-tables.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { describeTarget } from "../profile/target.ts";
import type { TrainedProject } from "../project/project.ts";
import type { Verification } from "../verify/verify-model.ts";
import { compareNetworks } from "./compare-networks.ts";
import { compareReferences } from "./compare-references.ts";
import type { JudgedPlan } from "./judge-plan.ts";
import { type PlanInUse, predictFigures } from "./verify-stage.ts";

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
}

/** The part of a summary that sets predicted beside measured figures. */
export type Comparison = Verified & Pick<Summary, "speedupP50">;

/** The same of a plan that stands beside no front, with what is said of it. */
export function compareJudged(
  { data, ...verified }: Omit<VerifiedPlan, "chosen" | "chosenBy"> & { readonly data: OpenData },
  { recommended, backboneAccuracy }: JudgedPlan,
  useCase: UseCase,
): Comparison & Pick<Summary, "verdict"> {
  const { backbone, tables } = verified.project;
  const comparison = comparePredicted({ ...verified, chosen: recommended, chosenBy: "person" });
  const { warnings, peakActivationBytes } = backbone.summary;
  const said = verdict({
    exits: recommended.exits.length,
    useCase,
    chosen: { figures: recommended.figures, backboneAccuracy },
    measured: measuredOf(comparison, peakActivationBytes),
    warnings,
    trust: trustOfTables(tables),
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
  const { plan: measured, weighted } = verification;
  const samples = weighted?.effectiveSamples ?? verification.samples;
  const [{ samples: calibrated, labels }] = project.tables.calibration.values();
  const weights = weighSamples(calibrated, labels, { classWeights });
  return {
    backbone: mutable(verification.backbone),
    plan: {
      exits: plan.exits.map((exit, index) => ({ ...exit, rate: measured.exitRates[index] })),
      predicted: predictedFigures(predicted, samples),
      profiled: predictedFigures(profiled, samples),
      measured: mutable(measured),
      calibration: predictedFigures(chosen.figures, weights?.effectiveSamples ?? calibrated),
      exitRates: { predicted: predicted.exitRates, measured: [...measured.exitRates] },
      macs: predicted.macs,
      bytes: predicted.bytes,
      feasible: chosen.feasible,
      misses: chosen.misses,
      chosenBy,
    },
    speedup: verification.backbone.latencyMs.mean / measured.latencyMs.mean,
    speedupP50: verification.backbone.latencyMs.p50 / measured.latencyMs.p50,
    speedupPredicted: prediction.speedup,
    accuracyDropPp: verification.accuracyDropPp,
    accuracyDropHalfWidthPp: verification.accuracyDropHalfWidthPp,
    latencyErrorPct: prediction.latencyErrorPct,
    machineDriftPct: prediction.machineDriftPct,
    decisionAgreement: verification.decisionAgreement,
    weighted: verification.weighted,
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
    trust: trustOfTables(project.tables),
    target: describeTarget(target),
    profile: findings.profile.id,
    useCase: findings.useCase,
    guarantee: front.guarantee && guaranteeSchema.parse(front.guarantee),
    ...compared,
    networks: compareNetworks(findings),
    references: compareReferences(findings, front.references ?? [], compared.speedup),
    search: {
      algorithm: search.algorithm,
      proven: search.proven,
      evaluations: search.evaluations,
      seconds: search.seconds,
      hypervolume: search.hypervolume,
    },
    outputs: [...project.outputs],
    stageSeconds: { ...stageSeconds },
    wallSeconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  return { ...summary, verdict: verdict(runEvidence({ summary, front, backbone: model })) };
}

function mutable({ accuracy, accuracyInterval: [low, high], latencyMs }: Verification["backbone"]) {
  return { accuracy, accuracyInterval: [low, high] as [number, number], latencyMs };
}

function predictedFigures({ accuracy, latencyMs }: PlanFigures, samples: number) {
  return { accuracy, accuracyInterval: shareInterval(accuracy * samples, samples), latencyMs };
}
