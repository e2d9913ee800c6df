import type { BackboneSummary } from "../../../shared/domain/backbone.ts";
import type { ConfidenceTable } from "../../../shared/domain/confidence-table.ts";
import type { LatencyFigures, Plan } from "../../../shared/domain/plan.ts";
import type { TargetOptions } from "../../../shared/domain/stage-options.ts";
import { AppError } from "../../../shared/errors.ts";
import { pairedDifference, shareInterval } from "../../../shared/evaluate/intervals.ts";
import type { Job } from "../../../shared/job.ts";
import type { ImageSplit } from "../dataset/image-split.ts";
import { imageTensor } from "../onnx/run-images.ts";
import { floatValues, openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import { quantile } from "../profile/statistics.ts";
import type { DeployedNetwork } from "./deployed-network.ts";

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
  /** Share of samples whose exit and class are those of the confidence table. */
  readonly decisionAgreement: number;
  /** Of every sample, in the split's order. */
  readonly latenciesMs: { readonly backbone: Float32Array; readonly plan: Float32Array };
}

export interface VerifyInputs {
  readonly backbone: BackboneSummary;
  /** The plain backbone as an ONNX file, and the exported network that it is compared with. */
  readonly backboneFile: Uint8Array;
  readonly deployed: DeployedNetwork;
  readonly test: ImageSplit;
  readonly plan: Plan;
  /** The exit and class that the plan gives each test sample according to the tables. */
  readonly expected: { readonly exit: Uint8Array; readonly predicted: Int32Array | undefined };
}

interface Run {
  readonly times: number[];
  readonly predicted: number[];
}

/**
 * Runs an exported network and the plain backbone in stock ONNX Runtime over the test split, one image at a time, in
 * turns of a few samples, and compares decisions sample by sample.
 * @throws AppError 'shape-mismatch' if the split has other samples than the table, 'cancelled'
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
  const feeds = (image: RuntimeTensor) => ({ [backbone.input.name]: image });
  const runPlain = (image: RuntimeTensor) => plain.run(feeds(image), [backbone.output.name]);
  const runTurn = async (before: RuntimeTensor, images: readonly RuntimeTensor[]) => {
    await runPlain(before);
    for (const image of images) {
      backboneRun.predicted.push(largest((await timed(backboneRun, runPlain, image))[backbone.output.name]));
      await job.pause();
    }
    await deployed.run(before);
    for (const image of images) {
      const { logits, exit } = await timed(planRun, deployed.run, image);
      planRun.predicted.push(largest(logits));
      planRun.exits.push(exit);
      await job.pause();
    }
  };
  const warmUp = async (images: readonly RuntimeTensor[]) => {
    for (const image of images)
      for (let round = 0; round < warmUpRuns; round++)
        for (const run of [runPlain, deployed.run]) await run(image);
  };
  try {
    let done = 0;
    for await (const batch of test.batches(readAhead)) {
      const images = singleImages(backbone, batch.images, batch.labels.length);
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

async function timed<Result>(
  { times }: Run,
  run: (image: RuntimeTensor) => Promise<Result>,
  image: RuntimeTensor,
): Promise<Result> {
  const start = performance.now();
  const results = await run(image);
  times.push(performance.now() - start);
  return results;
}

function singleImages(
  backbone: BackboneSummary,
  images: Float32Array | Uint8Array,
  count: number,
): RuntimeTensor[] {
  const size = backbone.input.channels * backbone.input.height * backbone.input.width;
  return Array.from({ length: count }, (_, row) =>
    imageTensor(backbone, images.slice(row * size, (row + 1) * size), 1),
  );
}

function largest(scores: RuntimeTensor): number {
  const values = floatValues(scores);
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index] > values[best]) best = index;
  return best;
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
  const exitCounts = new Array<number>(inputs.plan.exits.length + 1).fill(0);
  let [agree, onlyBackbone, onlyPlan] = [0, 0, 0];
  for (let sample = 0; sample < samples; sample++) {
    exitCounts[planRun.exits[sample]]++;
    const sameClass = predicted === undefined || predicted[sample] === planRun.predicted[sample];
    if (planRun.exits[sample] === exit[sample] && sameClass) agree++;
    const backboneRight = backboneRun.predicted[sample] === labels[sample];
    const planRight = planRun.predicted[sample] === labels[sample];
    if (backboneRight && !planRight) onlyBackbone++;
    if (planRight && !backboneRight) onlyPlan++;
  }
  const drop = pairedDifference(onlyBackbone, onlyPlan, samples);
  return {
    samples,
    backbone: figures(backboneRun, labels),
    plan: { ...figures(planRun, labels), exitRates: exitCounts.map((count) => count / samples) },
    accuracyDropPp: 100 * drop.difference,
    accuracyDropHalfWidthPp: 100 * drop.halfWidth,
    decisionAgreement: agree / samples,
    latenciesMs: { backbone: Float32Array.from(backboneRun.times), plan: Float32Array.from(planRun.times) },
  };
}

function figures({ times, predicted }: Run, labels: readonly number[]): MeasuredFigures {
  const right = predicted.reduce((sum, answer, sample) => sum + (answer === labels[sample] ? 1 : 0), 0);
  const sorted = [...times].sort((a, b) => a - b);
  return {
    accuracy: right / labels.length,
    accuracyInterval: shareInterval(right, labels.length),
    latencyMs: {
      mean: times.reduce((sum, time) => sum + time, 0) / times.length,
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      worst: sorted[sorted.length - 1],
    },
  };
}

/** The class that a plan's taken exits answer, from the table's rows of its exits (the backbone's last). */
export function predictedByPlan(
  table: ConfidenceTable,
  rows: readonly number[],
  exit: Uint8Array,
): Int32Array | undefined {
  const { predicted, samples } = table;
  if (!predicted) return undefined;
  return Int32Array.from(exit, (taken, sample) => predicted[rows[taken] * samples + sample]);
}
