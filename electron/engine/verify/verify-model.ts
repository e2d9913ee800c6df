import { AppError } from "../../../shared/base/errors.ts";
import { formatCount, formatSeconds } from "../../../shared/base/format-number.ts";
import { shareInterval, weightedDifference } from "../../../shared/base/intervals.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { LatencyFigures, Plan } from "../../../shared/model/plan.ts";
import type { EnergySensor } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { type ClassWeights, type SampleWeights, weighSamples } from "../../../shared/space/sample-weights.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { valuesPerImage } from "../dataset/splits/input-pixels.ts";
import {
  floatValues,
  type InferenceSession,
  openSession,
  type RuntimeTensor,
  runClock,
} from "../onnx/runtime.ts";
import { answeredClasses } from "../onnx/scores.ts";
import { energyShare, openEnergyCounter } from "../profile/energy/energy-counter.ts";
import { median, quantile } from "../profile/statistics.ts";
import { chooseSamples } from "./choose-samples.ts";
import {
  countPlanEnergies,
  KeptSamples,
  type PlanEnergies,
  type PlanRuns,
  planEnergy,
} from "./count-plan-energy.ts";
import type { DeployedNetwork } from "./deployed-network.ts";
import { type IntervalMean, pairedLatency } from "./paired-latency.ts";
import { type NetworkImages, type SampleImages, sampleBatches, tensorOf } from "./sample-images.ts";
import { runsPerSample, type Turn, turnFor } from "./turn.ts";

/** Images that are run before any is timed: they warm up both networks, and their pace says how many samples fit. */
const trialImages = 16;
const trialShare = 0.05;
const fewestTrials = 2;

/** Samples that are taken however little time there is: with fewer there is no interval worth the name. */
const fewestSamples = 50;

/** Verification that takes so many times as long as allowed, as the machine became slower, ends early. */
const overdue = 1.5;

/** Six rounds, of some batches each, are soon counted; more say it better. */
const mostEnergySeconds = 20;

/** Images read at a time, so that reading doesn't stand between the turns, and the memory that they may take. */
const mostReadAhead = 256;
const readAheadBytes = 64e6;

/** What was measured of one model on the test split at batch 1. */
export interface MeasuredFigures {
  readonly accuracy: number;
  /** 95 % interval of the accuracy. */
  readonly accuracyInterval: readonly [number, number];
  /** The interval is the mean's, 95 %; absent where one turn was all. */
  readonly latencyMs: LatencyFigures & { readonly meanInterval?: [number, number] };
  /** Mean energy of a sample, counted when all latencies had been taken, and its 95 % interval; absent where no sensor tells. */
  readonly energyMillijoules?: number;
  readonly energyIntervalMillijoules?: [number, number];
}

export interface Verification {
  /** Samples that were run, of those that the test split holds. */
  readonly samples: number;
  readonly available: number;
  /** Their places among the split's readable images, rising. */
  readonly places: Int32Array;
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
  /** Mean latency of the backbone over the plan's, and its 95 % interval; see `pairedLatency`. */
  readonly speedup: number;
  readonly speedupInterval?: [number, number];
  /** Blocks of turns, and those of them that mean latencies leave out, since a burst hit one network alone. */
  readonly blocks: number;
  readonly leftOutBlocks: number;
  /** Share of samples whose exit and class are those of the confidence table. */
  readonly decisionAgreement: number;
  /** What energies were counted by, or why there are none. */
  readonly energySensor: EnergySensor;
  /** Of every sample that was run, in the split's order. */
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
  /** Of all figures but the decisions' agreement. */
  readonly classWeights?: ClassWeights;
  /** The exit and class that the plan gives each test sample according to the tables, and the right class if they tell. */
  readonly expected: {
    readonly exit: Uint8Array;
    readonly predicted: Int32Array | undefined;
    readonly labels?: Int32Array;
  };
  /** How long it may take: where not all samples fit, as many as do are drawn class by class. */
  readonly seconds: number;
}

interface Run {
  /** Of each sample, ms. */
  readonly times: readonly number[];
  readonly predicted: readonly number[];
}

/** While it is made. */
interface GrowingRun {
  readonly times: number[];
  readonly predicted: number[];
}

/** Its image as the backbone reads it and then as the exported network does, where that is another, and its right class. */
interface Sample {
  readonly images: SampleImages;
  readonly label: number;
}

/** Backbone and exported network, side by side. */
interface Pair extends Pick<PlanRuns, "runBackbone" | "runPlan"> {
  /** Runs both, untimed by themselves. @returns ms of each */
  try(images: SampleImages): Promise<{ backboneMs: number; planMs: number }>;
  /** Runs samples on one after the other and keeps what they took and answered. Who begins changes, so that drift evens out. */
  turn(samples: readonly Sample[], how: Turn): Promise<void>;
  readonly backboneRun: GrowingRun;
  readonly planRun: GrowingRun & { readonly exits: number[] };
}

/**
 * Runs an exported network and the plain backbone in stock ONNX Runtime over the test split, one image at a time, in
 * turns of a few samples, and compares decisions sample by sample. How many samples fit the time follows from the pace of the
 * first images and is settled before any is timed.
 * @throws AppError 'shape-mismatch' if the split has other samples than the table, 'file-invalid' if the exported network
 *   gives no answer for one, 'cancelled'
 */
export async function verifyModel(
  inputs: VerifyInputs,
  target: TargetOptions,
  job: Job,
): Promise<Verification> {
  return compareRuns(inputs, await runModels(inputs, target, job));
}

/** What both networks took and answered, sample by sample, of the places in the split that were run. */
export interface ModelRuns {
  readonly places: Int32Array;
  readonly labels: readonly number[];
  readonly backbone: Run;
  readonly plan: Run & { readonly exits: readonly number[] };
  readonly turnSamples: number;
  /** What energies were counted by, or why there are none. */
  readonly energySensor: EnergySensor;
  /** Counted when all times had been taken; absent where no sensor tells. */
  readonly energies?: PlanEnergies;
}

/** The first half of `verifyModel`: what has to be done where the networks are to run. */
export async function runModels(
  inputs: Omit<VerifyInputs, "classWeights">,
  target: TargetOptions,
  job: Job,
): Promise<ModelRuns> {
  const counter = await openEnergyCounter(target);
  const kept = new KeptSamples();
  const plain = await openSession(inputs.backboneFile, target);
  const reader = await readerOf(inputs);
  try {
    const pair = pairOf(inputs, plain, job);
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    const { first, pace } = await tryFirst(pair, reader, inputs.seconds, job);
    const { exit, labels = new Int32Array(exit.length) } = inputs.expected;
    const fitting = Math.floor((inputs.seconds - elapsed()) / pace.sampleSeconds);
    const places = chooseSamples(labels, Math.max(fewestSamples, fitting));
    const note = paceNote(places.length, exit.length, pace.sampleSeconds);
    const run: Progress = { read: 0, labels: [], isEnded: false };
    let turn: Sample[] = [];
    const finishTurn = async () => {
      if (turn.length > 0) await pair.turn(turn, pace.turn);
      const { exits } = pair.planRun;
      if (counter.isCounting())
        for (const [at, { images }] of turn.entries())
          kept.add(exits[exits.length - turn.length + at], images);
      run.labels.push(...turn.map(({ label }) => label));
      turn = [];
      job.report(run.labels.length, places.length, note);
    };
    const isDone = () => {
      const taken = run.labels.length + turn.length;
      if (elapsed() > overdue * inputs.seconds && taken >= fewestSamples) return true;
      return taken === places.length && places.length < exit.length;
    };
    const samples = continued(first, reader.samples);
    while (!isDone()) {
      const next = await samples.next();
      run.isEnded = next.done === true;
      if (next.done) break;
      if (places[run.labels.length + turn.length] === run.read++) turn.push(next.value);
      if (turn.length === pace.turn.samples) await finishTurn();
    }
    await finishTurn();
    checkRead(run, places, inputs);
    const energySeconds = Math.min(mostEnergySeconds, energyShare * inputs.seconds);
    const energies = await countPlanEnergies({ ...pair, kept }, counter, energySeconds, job);
    return {
      places: places.subarray(0, run.labels.length),
      labels: run.labels,
      backbone: pair.backboneRun,
      plan: pair.planRun,
      turnSamples: pace.turn.samples,
      energySensor: counter.sensor(),
      energies,
    };
  } finally {
    await reader.samples.return(undefined);
    await plain.release();
  }
}

/** What of the split was read and run so far. */
interface Progress {
  read: number;
  /** Of the samples that were run. */
  readonly labels: number[];
  /** Whether there was nothing more to read. */
  isEnded: boolean;
}

/** The split's readable images in its order, some read ahead. */
interface Reader {
  readonly samples: AsyncGenerator<Sample, undefined, undefined>;
  /** What reading an image took so far. */
  imageMs(): number;
}

async function readerOf({
  backbone,
  test,
  images: others = [],
}: Pick<VerifyInputs, "backbone" | "test" | "images">): Promise<Reader> {
  const networks: readonly NetworkImages[] = [{ summary: backbone, images: test }, ...others];
  let sampleBytes = 0;
  for (const { summary, making } of networks)
    sampleBytes +=
      making?.kind === "decoded" ? await making.images.exampleBytes() : 4 * valuesPerImage(summary.input);
  const fitting = Math.floor(readAheadBytes / sampleBytes);
  const batchSize = Math.max(1, Math.min(mostReadAhead, fitting));
  let [images, ms] = [0, 0];
  async function* samples() {
    let started = performance.now();
    for await (const batch of sampleBatches(networks, batchSize)) {
      const all = Array.from(batch.labels, (label, row) => ({ images: batch.samples[row], label }));
      ms += performance.now() - started;
      images += all.length;
      yield* all;
      started = performance.now();
    }
    return undefined;
  }
  return { samples: samples(), imageMs: () => ms / Math.max(1, images) };
}

async function* continued(first: readonly Sample[], rest: AsyncGenerator<Sample>): AsyncGenerator<Sample> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** How fast both run, from the first images of the split. */
interface Pace {
  readonly turn: Turn;
  /** What a sample takes in all, the reading included. */
  readonly sampleSeconds: number;
}

/** Runs the first images on both, for a small share of the time: the first of them to warm up. */
async function tryFirst(
  pair: Pair,
  { samples, imageMs }: Reader,
  seconds: number,
  job: Job,
): Promise<{ readonly first: readonly Sample[]; readonly pace: Pace }> {
  const first: Sample[] = [];
  const tried: { readonly backboneMs: number; readonly planMs: number }[] = [];
  const started = performance.now();
  const isTimeUp = () => performance.now() - started > 1000 * trialShare * seconds;
  while (first.length < trialImages && !(tried.length >= fewestTrials && isTimeUp())) {
    const next = await samples.next();
    if (next.done) break;
    if (first.length === 0) await pair.try(next.value.images);
    first.push(next.value);
    tried.push(await pair.try(next.value.images));
    await job.pause();
  }
  return { first, pace: paceOf(tried, imageMs()) };
}

function paceOf(
  tried: readonly { readonly backboneMs: number; readonly planMs: number }[],
  readMs: number,
): Pace {
  const backboneMs = median(tried.map((run) => run.backboneMs));
  const bothMs = tried.reduce((sum, run) => sum + run.backboneMs + run.planMs, 0) / tried.length;
  const turn = turnFor(backboneMs);
  return { turn, sampleSeconds: (readMs + bothMs * runsPerSample(turn)) / 1000 };
}

function paceNote(count: number, available: number, sampleSeconds: number): string {
  const taken = count < available ? `${formatCount(count)} of ${formatCount(available)}` : formatCount(count);
  return `${taken} samples, about ${formatSeconds(Math.max(1, Math.round(count * sampleSeconds)))} in all`;
}

function pairOf(
  { backbone, deployed, plan, images }: Omit<VerifyInputs, "classWeights">,
  plain: InferenceSession,
  job: Job,
): Pair {
  const backboneRun: GrowingRun = { times: [], predicted: [] };
  const planRun: GrowingRun & { exits: number[] } = { times: [], predicted: [], exits: [] };
  const answerOf = (scores: RuntimeTensor) => answeredClasses(backbone.output, floatValues(scores), 1)[0];
  const runPlain = async ([image]: SampleImages) =>
    plain.run({ [backbone.input.name]: await tensorOf(image) }, [backbone.output.name]);
  const runPlan = (all: SampleImages) => deployed.run(...(images ? all.slice(1) : all));
  const turns = [
    async (samples: readonly Sample[], before: SampleImages | undefined) => {
      if (before) await runPlain(before);
      for (const { images } of samples) {
        const { results, ms } = await timed(runPlain, images);
        backboneRun.times.push(ms);
        backboneRun.predicted.push(answerOf(results[backbone.output.name]));
        await job.pause();
      }
    },
    async (samples: readonly Sample[], before: SampleImages | undefined) => {
      if (before) await runPlan(before);
      for (const { images } of samples) {
        const { results, ms } = await timed(runPlan, images);
        checkAnswer(results.logits, results.exit, plan);
        planRun.times.push(ms);
        planRun.predicted.push(answerOf(results.logits));
        planRun.exits.push(results.exit);
        await job.pause();
      }
    },
  ];
  let last: SampleImages | undefined;
  return {
    backboneRun,
    planRun,
    runBackbone: runPlain,
    runPlan,
    try: async (images) => {
      const { ms: backboneMs } = await timed(runPlain, images);
      const { ms: planMs } = await timed(runPlan, images);
      return { backboneMs, planMs };
    },
    turn: async (samples, { isWarmed }) => {
      const before = isWarmed ? (last ?? samples[0].images) : undefined;
      for (const run of turns) await run(samples, before);
      turns.reverse();
      last = samples[samples.length - 1].images;
    },
  };
}

/** @throws AppError 'shape-mismatch' if the data set isn't the one that the tables were made with */
function checkRead(
  run: Progress,
  places: Int32Array,
  { expected: { exit, labels } }: Pick<VerifyInputs, "expected">,
): void {
  const isShort =
    run.labels.length < places.length || (places.length === exit.length && run.read > exit.length);
  if (run.isEnded && isShort)
    throw new AppError(
      "shape-mismatch",
      `the confidence table has ${exit.length} test samples, the data set ${run.read}; calibrate again with this data`,
    );
  const other = labels ? run.labels.findIndex((label, index) => label !== labels[places[index]]) : -1;
  if (other < 0) return;
  throw new AppError(
    "shape-mismatch",
    `test sample ${places[other] + 1} is of class ${run.labels[other]}, in the confidence table of class ${labels![places[other]]}; ` +
      "the data set has changed: calibrate again with this data",
  );
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
  run: (images: SampleImages) => Promise<Result>,
  images: SampleImages,
): Promise<{ readonly results: Result; readonly ms: number }> {
  const clock = runClock();
  const start = clock.wallMs();
  const results = await run(images);
  return { results, ms: clock.wallMs() - start };
}

/** The second half: what follows from the runs, wherever they were made. */
export function compareRuns(
  inputs: Pick<VerifyInputs, "plan" | "expected" | "classWeights">,
  runs: ModelRuns,
): Verification {
  const { places, labels, backbone: backboneRun, plan: planRun, turnSamples } = runs;
  const samples = places.length;
  const { exit, predicted } = inputs.expected;
  let agree = 0;
  for (const [sample, place] of places.entries()) {
    const sameClass = predicted === undefined || predicted[place] === planRun.predicted[sample];
    if (planRun.exits[sample] === exit[place] && sameClass) agree++;
  }
  const { classWeights } = inputs;
  const weights = weighSamples(samples, Int32Array.from(labels), { classWeights });
  const { backbone, plan, ...paired } = pairedLatency({
    backboneMs: backboneRun.times,
    planMs: planRun.times,
    exits: planRun.exits,
    turnSamples,
    counts: weights?.counts,
  });
  const rates = exitRates(planRun.exits, inputs.plan.exits.length + 1, weights);
  const energy = runs.energies && planEnergy(runs.energies, rates);
  const unweighted = () => ({
    backbone: accuracyOf(backboneRun, labels),
    plan: accuracyOf(planRun, labels),
    ...accuracyDrop(labels, backboneRun, planRun),
  });
  return {
    samples,
    available: exit.length,
    places,
    ...paired,
    backbone: { ...figures(backboneRun, backbone, labels, weights), ...energy?.backbone },
    plan: { ...figures(planRun, plan, labels, weights), ...energy?.plan, exitRates: rates },
    energySensor: runs.energySensor,
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

function accuracyOf({ predicted }: Run, labels: readonly number[], weights?: SampleWeights): number {
  const count = (sample: number) => weights?.counts[sample] ?? 1;
  const right = predicted.reduce(
    (sum, answer, sample) => sum + (answer === labels[sample] ? count(sample) : 0),
    0,
  );
  return right / (weights?.total ?? labels.length);
}

function figures(
  run: Run,
  { meanMs, meanInterval }: IntervalMean,
  labels: readonly number[],
  weights?: SampleWeights,
): MeasuredFigures {
  const { times } = run;
  const repeated = weights
    ? times.flatMap((time, sample) => repeat(time, weights.counts[sample]))
    : [...times];
  const sorted = repeated.sort((a, b) => a - b);
  const effectiveSamples = weights?.effectiveSamples ?? labels.length;
  const accuracy = accuracyOf(run, labels, weights);
  return {
    accuracy,
    accuracyInterval: shareInterval(accuracy * effectiveSamples, effectiveSamples),
    latencyMs: {
      mean: meanMs,
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      worst: sorted[sorted.length - 1],
      meanInterval,
    },
  };
}

function repeat(value: number, times: number): number[] {
  return new Array<number>(times).fill(value);
}
