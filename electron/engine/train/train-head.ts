import type { Job } from "../../../shared/base/job.ts";
import { type Random, seededRandom, shuffle } from "../../../shared/base/random.ts";
import type { HeadEpoch } from "../../../shared/model/head-curve.ts";
import type { TrainOptions } from "../../../shared/model/stage-options.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import type { HeadShape } from "../heads/head-shape.ts";
import { featureInputs } from "../heads/pooling.ts";
import {
  type Layer,
  type LayerValues,
  macsOf,
  next,
  parametersOf,
  standardiseLayer,
  statisticsOf,
} from "../nn/layers.ts";
import { evaluationModel, type FeatureInput, stepScalars, trainingModel } from "../nn/training-graph.ts";
import { encodeModel } from "../onnx/codec.ts";
import type { InferenceSession } from "../onnx/runtime.ts";
import { openSession, type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { standardisation } from "./feature-statistics.ts";
import { type FeatureReader, type FeatureWindow, learntRows } from "./feature-store.ts";

/**
 * Heads with fewer multiplications train faster on one thread than on several: their operators are too short to share.
 * The results are the same to the last bit either way.
 */
const sharedFromMacs = 1_000_000;

/** Memory that the features of one step may take as float32; what is made of them takes some times as much. */
const stepBudgetBytes = 128e6;

export interface TrainedHead {
  /** Of the kind's own parameters and statistics, standardisation folded in. */
  readonly values: LayerValues;
  /** On the held-out slice of the train split. */
  readonly accuracy: number;
  readonly loss: number;
  readonly epochs: number;
  /** Of all epochs, those behind the best one too. */
  readonly curve: readonly HeadEpoch[];
}

type Tensors = Record<string, RuntimeTensor>;

/**
 * Trains one head on stored features; forward, backward and update run inside ONNX Runtime.
 * The best epoch by loss on the held-out slice is kept. Same seed and features: same weights.
 * @param onEpoch is told of every epoch with those before it
 */
export async function trainHead(
  reader: FeatureReader,
  kind: HeadKind,
  kindOptions: Record<string, unknown>,
  shape: HeadShape,
  options: TrainOptions,
  job: Job,
  onEpoch: (curve: readonly HeadEpoch[]) => void = () => {},
): Promise<TrainedHead> {
  const random = seededRandom(options.seed);
  const own = kind.layers(shape, kindOptions);
  const sessionOptions = macsOf(own) < sharedFromMacs ? { threads: 1 } : {};
  const features = featureInputs(kind.pooling(kindOptions), shape);
  const plain = await standardisationFor(own, reader, features);
  const layers = plain ? plain.layers : own;
  const trainer = await openSession(
    encodeModel(trainingModel(layers, features, shape.classes, options.distillation)),
    sessionOptions,
  );
  const evaluator = await openSession(
    encodeModel(evaluationModel(layers, features, shape.classes)),
    sessionOptions,
  );
  try {
    const best = await optimise({
      reader,
      features,
      layers,
      options: optionsOf(kind, options),
      trainer,
      evaluator,
      random,
      job,
      onEpoch,
    });
    return { ...best, values: plain ? plain.absorbed(best.values) : best.values };
  } finally {
    await trainer.release();
    await evaluator.release();
  }
}

function optionsOf({ learning }: HeadKind, options: TrainOptions): TrainOptions {
  if (!learning) return options;
  const { learningRate, patience } = options;
  return { ...options, learningRate: learning.rate * learningRate, patience: learning.patience * patience };
}

interface Run {
  readonly reader: FeatureReader;
  readonly features: readonly FeatureInput[];
  readonly layers: readonly Layer[];
  readonly options: TrainOptions;
  readonly trainer: InferenceSession;
  readonly evaluator: InferenceSession;
  readonly random: Random;
  readonly job: Job;
  readonly onEpoch: (curve: readonly HeadEpoch[]) => void;
}

async function optimise(run: Run): Promise<TrainedHead> {
  const { reader, options, job } = run;
  const trainRows = learntRows(reader.rows);
  const rowBytes = 4 * reader.widths.reduce((sum, width) => sum + width, 0);
  const fitting = Math.max(1, Math.floor(stepBudgetBytes / rowBytes));
  const batchSize = Math.min(options.batchSize, trainRows, fitting);
  const totalSteps = options.epochs * stepsPerEpoch(reader, trainRows, batchSize);
  let state = initialState(run);
  let best: Omit<TrainedHead, "curve"> | undefined;
  const curve: HeadEpoch[] = [];
  let bestEpoch = 0;
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs && epoch - bestEpoch <= options.patience; epoch++) {
    const first = reader.startOf((epoch - 1) % reader.versions);
    const losses: number[] = [];
    for (const batch of epochBatches(run, first, trainRows, batchSize)) {
      step++;
      const rate = options.learningRate * oneCycle(step / totalSteps);
      const scalars = scalarTensors(stepScalars(step, rate));
      const results = await run.trainer.run({
        ...batchTensors(run, batch),
        ...state,
        ...scalars,
      });
      state = nextState(state, results);
      losses.push(Number(results.loss.data[0]));
      job.report(step, totalSteps);
      await job.pause();
    }
    const { loss, accuracy } = await heldOut(run, state, trainRows);
    curve.push({ epoch, trainLoss: kept(mean(losses)), loss: kept(loss), accuracy: kept(accuracy) ?? 0 });
    run.onEpoch([...curve]);
    if (!best || Number.isNaN(best.loss) || loss < best.loss) {
      best = { values: trainedValues(run.layers, state), loss, accuracy, epochs: epoch };
      bestEpoch = epoch;
    }
  }
  return { ...best!, curve };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** As many digits as a curve can show. */
function kept(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}

/** Warm-up over the first tenth, then a cosine to zero. */
function oneCycle(progress: number): number {
  return progress < 0.1 ? progress / 0.1 : 0.5 * (1 + Math.cos((Math.PI * (progress - 0.1)) / 0.9));
}

function scalarTensors(scalars: Readonly<Record<string, number>>): Tensors {
  return Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [
      name,
      runtimeTensor("float32", Float32Array.of(value), []),
    ]),
  );
}

function initialState({ layers, random }: Run): Tensors {
  const state: Tensors = {};
  for (const { name, dims, initial } of parametersOf(layers)) {
    const values = initial(random);
    state[name] = runtimeTensor("float32", values, dims);
    for (const moment of ["m", "v"])
      state[`${name}/${moment}`] = runtimeTensor("float32", new Float32Array(values.length), dims);
  }
  for (const { name, dims, initial } of statisticsOf(layers))
    state[name] = runtimeTensor("float32", initial(random), dims);
  return state;
}

function nextState(state: Tensors, results: InferenceSession.OnnxValueMapType): Tensors {
  return Object.fromEntries(Object.keys(state).map((name) => [name, results[next(name)] as RuntimeTensor]));
}

/** Of a state what a head is made of. */
function learnt(layers: readonly Layer[], state: Tensors): Tensors {
  const names = [...parametersOf(layers), ...statisticsOf(layers)].map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, state[name]]));
}

function trainedValues(layers: readonly Layer[], state: Tensors): LayerValues {
  return new Map(
    Object.entries(learnt(layers, state)).map(([name, { data }]) => [name, (data as Float32Array).slice()]),
  );
}

interface BatchRows {
  readonly window: FeatureWindow;
  /** First row, counted from the window's start. */
  readonly from: number;
  readonly rows: number;
}

/** Where the windows of rows to learn from start and how many rows each has; the last one may be shorter. */
function trainWindows(
  { windowRows }: FeatureReader,
  from: number,
  trainRows: number,
): { start: number; rows: number }[] {
  return Array.from({ length: Math.ceil(trainRows / windowRows) }, (_, index) => {
    const before = index * windowRows;
    return { start: from + before, rows: Math.min(windowRows, trainRows - before) };
  });
}

/** A window gives as many whole batches as it holds, or one smaller batch. */
function stepsPerEpoch(reader: FeatureReader, trainRows: number, batchSize: number): number {
  const steps = trainWindows(reader, 0, trainRows).map(({ rows }) =>
    Math.floor(rows / Math.min(batchSize, rows)),
  );
  return steps.reduce((sum, count) => sum + count, 0);
}

/**
 * One version's rows in windows and batches of neighbours, both in random order and shifted by a random offset.
 * Rows lie on disk in random order, so neighbours are a fair batch.
 */
function* epochBatches(
  { reader, random }: Run,
  first: number,
  trainRows: number,
  batchSize: number,
): Generator<BatchRows> {
  for (const { start, rows } of shuffle(trainWindows(reader, first, trainRows), random)) {
    const window = reader.window(start);
    const size = Math.min(batchSize, rows);
    const offset = Math.floor(random() * (rows % size || 1));
    const batches = Array.from({ length: Math.floor(rows / size) }, (_, index) => offset + index * size);
    for (const from of shuffle(batches, random)) yield { window, from, rows: size };
  }
}

function batchTensors({ reader, features }: Run, { window, from, rows }: BatchRows): Tensors {
  const { classes } = reader;
  const first = window.start + from;
  const tensors: Tensors = {
    labels: runtimeTensor("int64", reader.labels.subarray(first, first + rows), [rows]),
    teacher: runtimeTensor("float32", reader.teacher.subarray(first * classes, (first + rows) * classes), [
      rows,
      classes,
    ]),
    "inverse-batch": runtimeTensor("float32", Float32Array.of(1 / rows), []),
  };
  for (const [index, { name, dims }] of features.entries()) {
    const width = reader.widths[index];
    const data = window.features[index].subarray(from * width, (from + rows) * width);
    tensors[name] = runtimeTensor("float16", data, [rows, ...dims]);
  }
  return tensors;
}

async function heldOut(
  run: Run,
  state: Tensors,
  trainRows: number,
): Promise<{ loss: number; accuracy: number }> {
  const { reader, options, layers, evaluator, job } = run;
  const values = learnt(layers, state);
  let loss = 0;
  let right = 0;
  for (let row = trainRows; row < reader.rows; ) {
    const window = reader.window(Math.floor(row / reader.windowRows) * reader.windowRows);
    const from = row - window.start;
    const rows = Math.min(options.batchSize, window.rows - from, reader.rows - row);
    const results = await evaluator.run({ ...batchTensors(run, { window, from, rows }), ...values });
    loss += Number(results.loss.data[0]) * rows;
    right += Number(results.accuracy.data[0]) * rows;
    row += rows;
    await job.pause();
  }
  const count = Math.max(1, reader.rows - trainRows);
  return { loss: loss / count, accuracy: right / count };
}

/**
 * Standardisation in front of the layer that can absorb it, which reads features as they are or mixed. A stack that begins
 * with maps has none: batch norms do its work.
 */
async function standardisationFor(
  layers: readonly Layer[],
  reader: FeatureReader,
  features: readonly FeatureInput[],
): Promise<{ layers: readonly Layer[]; absorbed: (values: LayerValues) => LayerValues } | undefined> {
  if (features.some(({ dims }) => dims.length > 1)) return undefined;
  const at = layers.findIndex((layer) => layer.absorb);
  if (at < 0) return undefined;
  const found = await standardisation(
    reader,
    features.map(({ name }) => name),
  );
  return {
    layers: [...layers.slice(0, at), standardiseLayer("standardise", found), ...layers.slice(at)],
    absorbed: (values) => layers[at].absorb!(found, values),
  };
}
