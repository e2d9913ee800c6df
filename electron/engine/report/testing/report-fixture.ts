import { pairedDifference, shareInterval } from "../../../../shared/base/intervals.ts";
import { silentJob } from "../../../../shared/base/job.ts";
import { type Random, randomNormal, seededRandom } from "../../../../shared/base/random.ts";
import { evaluatePlan, routeSamples } from "../../../../shared/evaluate/evaluate-plan.ts";
import type { FrontFile } from "../../../../shared/files/front-file.ts";
import type { OutputQuality, Summary } from "../../../../shared/files/summary.ts";
import type { BackboneSummary, CutPoint, GraphNode } from "../../../../shared/model/backbone.ts";
import type { LatencyFigures } from "../../../../shared/model/plan.ts";
import type { Latency, Profile } from "../../../../shared/model/profile.ts";
import type { UseCase } from "../../../../shared/model/use-case.ts";
import { runEvidence, verdict } from "../../../../shared/presentation/verdict/verdict.ts";
import { fixedSchemes } from "../../../../shared/schemes/index.ts";
import { recommend } from "../../../../shared/search/engine/recommend.ts";
import { runSearch } from "../../../../shared/search/engine/run-search.ts";
import { searchAlgorithms } from "../../../../shared/search/index.ts";
import { toPlanExits } from "../../../../shared/space/plan-exits.ts";
import { countRight, referencePoint } from "../../../../shared/space/reference-point.ts";
import type { SearchSpace } from "../../../../shared/space/search-space.ts";
import type { ThresholdedExit } from "../../../../shared/space/thresholded-exit.ts";
import {
  expectedCalibrationError,
  failurePredictionAuroc,
  reliabilityBins,
} from "../../calibrate/reliability.ts";
import { exitPolicies } from "../../policies/index.ts";
import { quantile } from "../../profile/statistics.ts";
import type { ReportData } from "../report-data.ts";

const positions = 11;
const samples = 2000;
const backboneMs = 1.57;
const backboneMacs = 88.2e6;
const sha256 = "9f2c41d07be35a8846c1f0d2e7a95b3c6d8e1f40a2b3c4d5e6f708192a3b4c5d";
const head = "mixed-hidden";

/** Shares of the MACs at the cut points, none of them quite even, as in a real network. */
const shares = [0.02, 0.11, 0.19, 0.28, 0.36, 0.47, 0.55, 0.64, 0.74, 0.85, 0.96];

/**
 * A run as the pipeline would report it: a made-up network whose samples differ in difficulty, real searches and
 * schemes on it, and noise where a machine would measure. The same use case gives the same data.
 */
export async function reportFixture(
  useCase: UseCase = { latency: "mean", maxDropPp: 0.5 },
): Promise<ReportData> {
  const calibration = madeUpSpace(seededRandom(1));
  const test = madeUpSpace(seededRandom(2));
  const front = await searchAll(calibration, useCase);
  const chosen = front.recommended.exits.map(({ cutPoint, policy, threshold }) => ({
    candidate: calibration.candidates.findIndex((c) => c.cutPoint === cutPoint && c.policy === policy),
    threshold,
  }));
  const latenciesMs = measure(test, chosen, seededRandom(3));
  const profile = madeUpProfile(test);
  const backbone = madeUpBackbone();
  const summary = summarise(test, chosen, front, latenciesMs, profile);
  return {
    backbone,
    profile,
    front,
    latenciesMs,
    summary: { ...summary, verdict: verdict(runEvidence({ summary, front, backbone })) },
  };
}

/** Every sample has a difficulty, every output a skill; being right and being sure both follow from the two. */
function madeUpSpace(random: Random): SearchSpace {
  const difficulty = Float64Array.from({ length: samples }, () => randomNormal(random) * 2.2);
  const luck = Float64Array.from({ length: samples }, () => random());
  const output = (skill: number) => {
    const confidence = new Float32Array(samples);
    const correct = new Uint8Array(samples);
    for (let sample = 0; sample < samples; sample++) {
      const evidence = skill - difficulty[sample] + 0.2 * randomNormal(random);
      confidence[sample] = 0.1 + 0.9 / (1 + Math.exp(-evidence));
      // Outputs of one network fail on the same samples, mostly.
      const chance = random() < 0.04 ? random() : luck[sample];
      correct[sample] = chance < confidence[sample] - 0.02 ? 1 : 0;
    }
    return { confidence, correct };
  };
  const candidates = shares.flatMap((share, position) => {
    const { confidence, correct } = output(4.9 - 3.2 * Math.exp(-4.2 * share));
    return exitPolicies.map(({ id: policy }, index) => ({
      position,
      cutPoint: cutPointName(position),
      head,
      policy,
      prefixMs: backboneMs * (0.03 + 0.95 * share ** 0.9),
      headMs: 0.024 + 0.003 * index,
      prefixMacs: share * backboneMacs,
      headMacs: 70_000,
      headBytes: 41_000,
      confidence: confidence.map((value) => Math.max(0, value ** (1 + 0.4 * index) - 0.02 * index)),
      correct,
    }));
  });
  return {
    samples,
    candidates,
    backboneCorrect: output(5.6).correct,
    backboneMs,
    backboneMacs,
    backboneBytes: 3_420_000,
    maxExits: 2,
    levels: 12,
  };
}

function cutPointName(position: number): string {
  return `/layer${1 + Math.floor(position / 4)}/block${position % 4}/Relu_output_0`;
}

async function searchAll(space: SearchSpace, useCase: UseCase): Promise<FrontFile> {
  const searches: FrontFile["searches"] = [];
  let recommended: FrontFile["recommended"] | undefined;
  for (const algorithm of searchAlgorithms) {
    const seed = 7;
    const budget = algorithm.exhaustive ? 400_000 : 6000;
    const result = await runSearch({ space, algorithm, useCase, budget, seed }, silentJob);
    const front = result.front.map((point) => ({ ...point, exits: toPlanExits(space, point.exits) }));
    const { algorithm: id, proven, evaluations, hypervolume } = result;
    const seconds = evaluations / 700_000;
    searches.push({ algorithm: id, options: {}, seed, proven, evaluations, seconds, hypervolume, front });
    if (recommended) continue;
    const { point, figures, feasible, misses } = recommend(space, result.front, useCase);
    recommended = { exits: toPlanExits(space, point.exits), figures, feasible, misses: [...misses] };
  }
  return {
    format: "offramp-front",
    version: 2,
    backboneSha256: sha256,
    profile: "made up",
    useCase,
    samples,
    reference: referencePoint(space),
    backbone: { accuracy: countRight(space.backboneCorrect) / space.samples, latencyMs: space.backboneMs },
    searches,
    schemes: fixedSchemes.map((scheme) => ({
      scheme: scheme.id,
      plans: scheme.plans(space).map(({ exits, figures }) => ({
        exits: toPlanExits(space, exits),
        accuracy: figures.accuracy,
        latencyMs: figures.latencyMs[useCase.latency],
      })),
    })),
    recommended: recommended!,
  };
}

/** Times as a machine would take them: a little noise, a little overhead, now and then an interruption. */
function measure(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  random: Random,
): ReportData["latenciesMs"] {
  const { exit } = routeSamples(space, exits);
  const noisy = (ms: number) =>
    ms * (1.012 + 0.018 * Math.abs(randomNormal(random)) + (random() < 0.004 ? 2 * random() : 0));
  const expected = Float64Array.from({ length: exits.length + 1 }, (_, taken) => {
    const passed = exits.slice(0, taken + 1).map(({ candidate }) => space.candidates[candidate]);
    const heads = passed.reduce((sum, { headMs }) => sum + headMs, 0);
    return heads + (taken < exits.length ? passed[taken].prefixMs : space.backboneMs);
  });
  return {
    backbone: Float32Array.from({ length: samples }, () => noisy(space.backboneMs)),
    plan: Float32Array.from(exit, (taken) => noisy(expected[taken])),
  };
}

function summarise(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  front: FrontFile,
  latenciesMs: ReportData["latenciesMs"],
  profile: Profile,
): Omit<Summary, "verdict"> {
  const predicted = evaluatePlan(space, exits);
  const { correct } = routeSamples(space, exits);
  const right = countRight(correct);
  const backboneRight = countRight(space.backboneCorrect);
  const onlyBackbone = correct.reduce((sum, bit, i) => sum + (space.backboneCorrect[i] > bit ? 1 : 0), 0);
  const drop = pairedDifference(onlyBackbone, onlyBackbone - backboneRight + right, samples);
  const figures = (count: number, times: Float32Array) => ({
    accuracy: count / samples,
    accuracyInterval: shareInterval(count, samples),
    latencyMs: latencyFigures(times),
  });
  const backbone = figures(backboneRight, latenciesMs.backbone);
  const measured = figures(right, latenciesMs.plan);
  const drift = backbone.latencyMs.mean / profile.backbone.meanMs;
  const profiled = {
    accuracy: predicted.accuracy,
    accuracyInterval: shareInterval(right, samples),
    latencyMs: predicted.latencyMs,
  };
  const { figures: chosen, feasible, misses, exits: planExits } = front.recommended;
  const [ours] = front.searches;
  return {
    format: "offramp-summary",
    version: 2,
    model: {
      name: "resnet-12-fashion",
      sha256,
      graphSha256: sha256,
      macs: backboneMacs,
      parameters: 855_770,
      cutPoints: positions,
    },
    data: {
      path: "/data/fashion-mnist",
      format: "mnist-idx",
      classes: 10,
      classNames: ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"],
      samples: { train: 25_000, calibration: samples, test: samples },
      notes: [],
      warnings: [],
      unreadable: [],
    },
    target: profile.target,
    profile: profile.id,
    useCase: front.useCase,
    backbone,
    plan: {
      exits: planExits.map((exit, index) => ({ ...exit, rate: predicted.exitRates[index] })),
      predicted: { ...profiled, latencyMs: scaled(profiled.latencyMs, drift) },
      profiled,
      measured,
      calibration: { accuracy: chosen.accuracy, latencyMs: chosen.latencyMs },
      exitRates: { predicted: predicted.exitRates, measured: swapped(predicted.exitRates) },
      macs: predicted.macs,
      bytes: predicted.bytes,
      feasible,
      misses,
      chosenBy: "search",
    },
    compared: [],
    uncompared: [],
    references: [],
    speedup: backbone.latencyMs.mean / measured.latencyMs.mean,
    speedupP50: backbone.latencyMs.p50 / measured.latencyMs.p50,
    speedupPredicted: space.backboneMs / predicted.latencyMs.mean,
    accuracyDropPp: 100 * drop.difference,
    accuracyDropHalfWidthPp: 100 * drop.halfWidth,
    latencyErrorPct: 100 * ((drift * predicted.latencyMs.mean) / measured.latencyMs.mean - 1),
    machineDriftPct: 100 * (drift - 1),
    decisionAgreement: 1 - 3 / samples,
    search: {
      algorithm: ours.algorithm,
      proven: ours.proven,
      evaluations: ours.evaluations,
      seconds: ours.seconds,
      hypervolume: ours.hypervolume,
    },
    outputs: outputQualities(space),
    stageSeconds: {
      import: 0.42,
      load: 1.9,
      train: 184.2,
      profile: 21.7,
      calibrate: 12.4,
      search: 2.1,
      export: 0.31,
      verify: 9.6,
    },
    wallSeconds: 232.8,
    peakRssBytes: 1.28e9,
  };
}

function scaled({ mean, p50, p95, worst }: LatencyFigures, by: number): LatencyFigures {
  return { mean: mean * by, p50: p50 * by, p95: p95 * by, worst: worst * by };
}

/** Three samples decide otherwise in the exported file. */
function swapped(rates: readonly number[]): number[] {
  return rates.map((rate, index) =>
    index === 0 ? rate - 3 / samples : index === rates.length - 1 ? rate + 3 / samples : rate,
  );
}

function latencyFigures(times: Float32Array): Summary["backbone"]["latencyMs"] {
  const sorted = Float32Array.from(times).sort();
  return {
    mean: times.reduce((sum, time) => sum + time, 0) / times.length,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    worst: sorted[sorted.length - 1],
  };
}

function outputQualities({ candidates, backboneCorrect }: SearchSpace): OutputQuality[] {
  const quality = (cutPoint: string | null, confidence: Float32Array, correct: Uint8Array): OutputQuality => {
    const reliability = reliabilityBins(confidence, correct);
    return {
      cutPoint,
      head: cutPoint === null ? null : head,
      accuracy: countRight(correct) / samples,
      temperature: 1.31,
      expectedCalibrationError: expectedCalibrationError(reliability),
      failurePredictionAuroc: Object.fromEntries(
        exitPolicies.map(({ id }, index) => [
          id,
          failurePredictionAuroc(confidence, correct) - 0.004 * index,
        ]),
      ),
      reliability,
    };
  };
  const top1 = candidates.filter((_, index) => index % exitPolicies.length === 0);
  const last = top1[top1.length - 1];
  return [
    ...top1.map(({ cutPoint, confidence, correct }) => quality(cutPoint, confidence, correct)),
    quality(null, last.confidence, backboneCorrect),
  ];
}

function latency(medianMs: number, spread: number): Latency {
  return {
    medianMs,
    meanMs: medianMs,
    p5Ms: Math.max(0, medianMs - spread),
    p95Ms: medianMs + 2 * spread,
    count: 240,
  };
}

function madeUpProfile({ candidates }: SearchSpace): Profile {
  const first = candidates.filter((_, index) => index % exitPolicies.length === 0);
  return {
    format: "offramp-profile",
    version: 2,
    id: "made up",
    graphSha256: sha256,
    target: {
      device: "AMD EPYC 9B14, 2 cores, 16 GiB",
      operatingSystem: "linux 6.1.0 x64",
      runtime: "onnxruntime-node 1.30.0",
      provider: "cpu",
      threads: 1,
    },
    backbone: latency(1.56, 0.03),
    final: latency(backboneMs, 0.03),
    prefixes: first.map(({ cutPoint, prefixMs }) => ({ cutPoint, ...latency(prefixMs, 0.03) })),
    heads: candidates.map(({ cutPoint, policy, headMs }) => ({
      cutPoint,
      head,
      policy,
      ...latency(headMs, 0.012),
    })),
    nodes: graphNodes().map(({ name }, index) => ({ node: name, meanMs: 0.16 / (1 + 0.35 * index) })),
  };
}

function graphNodes(): GraphNode[] {
  return Array.from({ length: 26 }, (_, index) => ({
    name: `/layer${1 + Math.floor(index / 9)}/block${Math.floor(index / 2) % 4}/conv${1 + (index % 2)}/Conv`,
    operator: "Conv",
    inputs: [`x${index}`],
    outputs: [{ name: `y${index}`, shape: [1, 16, 28, 28], type: "float32" }],
    macs: backboneMacs / 26,
    parameters: 2304,
    activationBytes: 50_176,
    attributes: { kernel_shape: "3x3" },
  }));
}

function madeUpBackbone(): BackboneSummary {
  const cutPoints = shares.map((macsShare, index): CutPoint => {
    const tensor = cutPointName(index);
    const channels = 16 * 2 ** Math.floor(index / 4);
    return {
      index,
      tensor,
      boundary: tensor,
      shape: [1, channels, 28 / 2 ** Math.floor(index / 4), 28 / 2 ** Math.floor(index / 4)],
      layout: "channels-first",
      type: "float32",
      node: tensor.replace("_output_0", ""),
      macs: macsShare * backboneMacs,
      macsShare,
      activationBytes: 50_176,
    };
  });
  return {
    name: "resnet-12-fashion",
    sha256,
    graphSha256: sha256,
    fileSha256: sha256,
    producer: "pytorch 1.13.1",
    irVersion: 8,
    opset: 17,
    input: {
      name: "image",
      type: "float32",
      layout: "NCHW",
      channels: 1,
      height: 28,
      width: 28,
      dynamicBatch: true,
    },
    output: { name: "logits", classes: 10, kind: "logits", logitsTensor: "logits", type: "float32" },
    precision: "float32",
    nodes: graphNodes(),
    cutPoints,
    otherOutputs: [],
    readyExits: [],
    warnings: [],
    macs: backboneMacs,
    parameters: 855_770,
    parameterBytes: 3_423_080,
    peakActivationBytes: 150_528,
  };
}
