import { AppError } from "../../../shared/base/errors.ts";
import { shareInterval, weightedDifference } from "../../../shared/base/intervals.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { LatencyFigures, Plan } from "../../../shared/model/plan.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { type ClassWeights, type SampleWeights, weighSamples } from "../../../shared/space/sample-weights.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { floatValues, openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import { answeredClasses } from "../onnx/scores.ts";
import { quantile } from "../profile/statistics.ts";
import type { DeployedNetwork } from "./deployed-network.ts";
import { type NetworkImages, type SampleImages, sampleBatches } from "./sample-images.ts";

/**
 * Samples that one model runs in a row before the other's turn: interleaved, so that drift of the machine hits both
 * alike, yet each in its own caches, as in deployment. A run before the turn, which is not timed, brings them back.
 */
const turn = 8;

/** Images read at a time, so that reading doesn't stand between the turns. */
const readAhead = 256;

const warmUpRuns = 5;

/** What was measured of one model on the test split at batch 1. */
export interface MeasuredFigures {
  readonly accuracy: number;
  /** 95 % interval of the accuracy. */
  readonly accuracyInterval: readonly [number, number];
  readonly latencyMs: LatencyFigures;
}

export interface Verification {
  readonly samples: number;
  readonly backbone: MeasuredFigures;
  readonly plan: MeasuredFigures & { readonly exitRates: readonly number[] };
  /** Backbone minus plan, percentage points, with the half width of its 95 % interval (paired). */
  readonly accuracyDropPp: number;
  readonly accuracyDropHalfWidthPp: number;
  /** Where classes are weighted: of how many equal samples the figures are worth, and accuracy with all alike. */
  readonly weighted?: {
    readonly effectiveSamples: number;
    readonly unweighted: UnweightedAccuracy;
  };
  /** Share of samples whose exit and class are those of the confidence table. */
  readonly decisionAgreement: number;
  /** Of every sample, in the split's order. */
  readonly latenciesMs: { readonly backbone: Float32Array; readonly plan: Float32Array };
}

/** Shares, and their difference in percentage points. */
export interface UnweightedAccuracy {
  readonly backbone: number;
  readonly plan: number;
  readonly accuracyDropPp: number;
  readonly accuracyDropHalfWidthPp: number;
}

export interface VerifyInputs {
  readonly backbone: BackboneSummary;
  /** The plain backbone as an ONNX file, and the exported network that it is compared with. */
  readonly backboneFile: Uint8Array;
  readonly deployed: DeployedNetwork;
  readonly test: ImageSplit;
  /** What the exported network is given where that isn't the backbone's image alone: the test split for each of its images. */
  readonly images?: readonly NetworkImages[];
  readonly plan: Plan;
  /** The exit and class that the plan gives each test sample according to the tables. */
  /** Of all figures but the decisions' agreement. */
  readonly classWeights?: ClassWeights;
  readonly expected: { readonly exit: Uint8Array; readonly predicted: Int32Array | undefined };
}

interface Run {
  readonly times: number[];
  readonly predicted: number[];
}

/**
 * Runs an exported network and the plain backbone in stock ONNX Runtime over the test split, one image at a time, in
 * turns of a few samples, and compares decisions sample by sample.
 * @throws AppError 'shape-mismatch' if the split has other samples than the table, 'file-invalid' if the exported network
 *   gives no answer for one, 'cancelled'
 */
export async function verifyModel(
  inputs: VerifyInputs,
  target: TargetOptions,
  job: Job,
): Promise<Verification> {
  const { backbone, test, deployed } = inputs;
  const plain = await openSession(inputs.backboneFile, target);
  const backboneRun: Run = { times: [], predicted: [] };
  const planRun: Run & { exits: number[] } = { times: [], predicted: [], exits: [] };
  const labels: number[] = [];
  const answerOf = (scores: RuntimeTensor) => answeredClasses(backbone.output, floatValues(scores), 1)[0];
  const feeds = (image: RuntimeTensor) => ({ [backbone.input.name]: image });
  const runPlain = ([image]: SampleImages) => plain.run(feeds(image), [backbone.output.name]);
  const own = { summary: backbone, images: test };
  const networks = [own, ...(inputs.images ?? [own])];
  const runPlan = ([, ...images]: SampleImages) => deployed.run(...images);
  const runTurn = async (before: SampleImages, images: readonly SampleImages[]) => {
    await runPlain(before);
    for (const image of images) {
      const results = await timed(backboneRun, runPlain, image);
      backboneRun.predicted.push(answerOf(results[backbone.output.name]));
      await job.pause();
    }
    await runPlan(before);
    for (const image of images) {
      const { logits, exit } = await timed(planRun, runPlan, image);
      checkAnswer(logits, exit, inputs.plan);
      planRun.predicted.push(answerOf(logits));
      planRun.exits.push(exit);
      await job.pause();
    }
  };
  const warmUp = async (images: readonly SampleImages[]) => {
    for (const image of images)
      for (let round = 0; round < warmUpRuns; round++)
        for (const run of [runPlain, runPlan]) await run(image);
  };
  try {
    let done = 0;
    for await (const batch of sampleBatches(networks, readAhead)) {
      const images = batch.samples;
      if (labels.length === 0) await warmUp(images.slice(0, 1));
      let before = images[0];
      labels.push(...batch.labels);
      for (let start = 0; start < images.length; start += turn) {
        const taken = images.slice(start, start + turn);
        await runTurn(before, taken);
        before = taken[taken.length - 1];
        done += taken.length;
        job.report(done, test.count);
      }
      done += batch.skipped.length;
    }
  } finally {
    await plain.release();
  }
  return compare(inputs, labels, backboneRun, planRun);
}

/** What its first run gave needn't hold for every image. @throws AppError 'file-invalid' */
function checkAnswer(logits: RuntimeTensor, exit: number, { exits }: Plan): void {
  if (!(Number.isInteger(exit) && exit >= 0 && exit <= exits.length))
    throw new AppError(
      "file-invalid",
      `the exported network says that a sample left at exit ${exit}, expected 0 to ${exits.length}; export again`,
    );
  if (!Array.prototype.every.call(floatValues(logits), Number.isFinite))
    throw new AppError(
      "file-invalid",
      "the exported network gives scores that are no finite numbers for an image of the data set; export again",
    );
}

async function timed<Result>(
  { times }: Run,
  run: (images: SampleImages) => Promise<Result>,
  images: SampleImages,
): Promise<Result> {
  const start = performance.now();
  const results = await run(images);
  times.push(performance.now() - start);
  return results;
}

function compare(
  inputs: VerifyInputs,
  labels: readonly number[],
  backboneRun: Run,
  planRun: Run & { exits: number[] },
): Verification {
  const samples = labels.length;
  const { exit, predicted } = inputs.expected;
  if (exit.length !== samples)
    throw new AppError(
      "shape-mismatch",
      `the confidence table has ${exit.length} test samples, the data set ${samples}; calibrate again with this data`,
    );
  let agree = 0;
  for (let sample = 0; sample < samples; sample++) {
    const sameClass = predicted === undefined || predicted[sample] === planRun.predicted[sample];
    if (planRun.exits[sample] === exit[sample] && sameClass) agree++;
  }
  const { classWeights } = inputs;
  const weights = weighSamples(samples, Int32Array.from(labels), { classWeights });
  const backbone = figures(backboneRun, labels, weights);
  const plan = figures(planRun, labels, weights);
  const unweighted = () => ({
    backbone: figures(backboneRun, labels).accuracy,
    plan: figures(planRun, labels).accuracy,
    ...accuracyDrop(labels, backboneRun, planRun),
  });
  return {
    samples,
    backbone,
    plan: { ...plan, exitRates: exitRates(planRun.exits, inputs.plan.exits.length + 1, weights) },
    ...accuracyDrop(labels, backboneRun, planRun, weights),
    weighted: weights && { effectiveSamples: weights.effectiveSamples, unweighted: unweighted() },
    decisionAgreement: agree / samples,
    latenciesMs: { backbone: Float32Array.from(backboneRun.times), plan: Float32Array.from(planRun.times) },
  };
}

function exitRates(exits: readonly number[], count: number, weights?: SampleWeights): number[] {
  const rates = new Array<number>(count).fill(0);
  for (const [sample, exit] of exits.entries()) rates[exit] += weights ? weights.counts[sample] : 1;
  return rates.map((rate) => rate / (weights?.total ?? exits.length));
}

/** Backbone minus plan, percentage points, paired. */
function accuracyDrop(labels: readonly number[], backboneRun: Run, planRun: Run, weights?: SampleWeights) {
  let [onlyBackbone, onlyPlan] = [0, 0];
  for (const [sample, label] of labels.entries()) {
    const weight = weights ? weights.counts[sample] : 1;
    const backboneRight = backboneRun.predicted[sample] === label;
    const planRight = planRun.predicted[sample] === label;
    if (backboneRight && !planRight) onlyBackbone += weight;
    if (planRight && !backboneRight) onlyPlan += weight;
  }
  const { total, effectiveSamples } = weights ?? { total: labels.length, effectiveSamples: labels.length };
  const { difference, halfWidth } = weightedDifference(onlyBackbone, onlyPlan, total, effectiveSamples);
  return { accuracyDropPp: 100 * difference, accuracyDropHalfWidthPp: 100 * halfWidth };
}

function figures(
  { times, predicted }: Run,
  labels: readonly number[],
  weights?: SampleWeights,
): MeasuredFigures {
  const repeated = weights
    ? times.flatMap((time, sample) => repeat(time, weights.counts[sample]))
    : [...times];
  const sorted = repeated.sort((a, b) => a - b);
  const right = predicted.reduce(
    (sum, answer, sample) => sum + (answer === labels[sample] ? (weights?.counts[sample] ?? 1) : 0),
    0,
  );
  const { total, effectiveSamples } = weights ?? { total: labels.length, effectiveSamples: labels.length };
  const accuracy = right / total;
  return {
    accuracy,
    accuracyInterval: shareInterval(accuracy * effectiveSamples, effectiveSamples),
    latencyMs: {
      mean: sorted.reduce((sum, time) => sum + time, 0) / total,
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      worst: sorted[sorted.length - 1],
    },
  };
}

function repeat(value: number, times: number): number[] {
  return new Array<number>(times).fill(value);
}
