import type { Job } from "../../../shared/base/job.ts";
import { type Random, seededRandom, shuffle } from "../../../shared/base/random.ts";
import type { TrainOptions } from "../../../shared/model/stage-options.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import type { HeadShape } from "../heads/head-shape.ts";
import { type Layer, parametersOf, standardiseLayer } from "../nn/layers.ts";
import { evaluationModel, stepScalars, trainingModel } from "../nn/training-graph.ts";
import { encodeModel } from "../onnx/codec.ts";
import type { InferenceSession } from "../onnx/runtime.ts";
import { openSession, type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { elementCount } from "../onnx/tensors.ts";
import { type Standardisation, standardisation } from "./feature-statistics.ts";
import type { FeatureReader, FeatureWindow } from "./feature-store.ts";

/**
 * Heads with fewer parameters train faster on one thread than on several: their operators are too short to share.
 * The results are the same to the last bit either way.
 */
const sharedFromParameters = 1_000_000;

export const heldOutShare = 0.1;

export interface TrainedHead {
  /** Values of the kind's own parameters, standardisation folded in. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** On the held-out slice of the train split. */
  readonly accuracy: number;
  readonly loss: number;
  readonly epochs: number;
}

type Tensors = Record<string, RuntimeTensor>;

/**
 * Trains one head on stored features; forward, backward and update run inside ONNX Runtime.
 * The best epoch by loss on the held-out slice is kept. Same seed and features: same weights.
 */
export async function trainHead(
  reader: FeatureReader,
  kind: HeadKind,
  kindOptions: Record<string, unknown>,
  shape: HeadShape,
  options: TrainOptions,
  job: Job,
): Promise<TrainedHead> {
  const random = seededRandom(options.seed);
  const own = kind.layers(shape, kindOptions);
  const size = parametersOf(own).reduce((sum, { dims }) => sum + elementCount(dims), 0);
  const sessionOptions = size < sharedFromParameters ? { threads: 1 } : {};
  const statistics = await standardisation(reader, kind.pooling);
  const layers = withStandardisation(own, statistics);
  const trainer = await openSession(
    encodeModel(trainingModel(layers, kind.pooling.outputs, shape.classes, options.distillation)),
    sessionOptions,
  );
  const evaluator = await openSession(
    encodeModel(evaluationModel(layers, kind.pooling.outputs, shape.classes)),
    sessionOptions,
  );
  try {
    const best = await optimise({ reader, kind, layers, options, trainer, evaluator, random, job });
    return { ...best, parameters: foldStandardisation(own, best.parameters, statistics) };
  } finally {
    await trainer.release();
    await evaluator.release();
  }
}

interface Run {
  readonly reader: FeatureReader;
  readonly kind: HeadKind;
  readonly layers: readonly Layer[];
  readonly options: TrainOptions;
  readonly trainer: InferenceSession;
  readonly evaluator: InferenceSession;
  readonly random: Random;
  readonly job: Job;
}

async function optimise(run: Run): Promise<TrainedHead> {
  const { reader, options, job } = run;
  const trainRows = Math.max(1, Math.floor(reader.rows * (1 - heldOutShare)));
  const batchSize = Math.min(options.batchSize, trainRows);
  const totalSteps = options.epochs * stepsPerEpoch(reader, trainRows, batchSize);
  let state = initialState(run);
  let best: TrainedHead | undefined;
  let bestEpoch = 0;
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs && epoch - bestEpoch <= options.patience; epoch++) {
    for (const batch of epochBatches(run, trainRows, batchSize)) {
      step++;
      const rate = options.learningRate * oneCycle(step / totalSteps);
      const scalars = stepScalars(step, rate);
      const results = await run.trainer.run({
        ...batchTensors(run, batch),
        ...state,
        step: runtimeTensor("float32", Float32Array.of(scalars.step), []),
        keep: runtimeTensor("float32", Float32Array.of(scalars.keep), []),
      });
      state = nextState(state, results);
      job.report(step, totalSteps);
      await job.pause();
    }
    const { loss, accuracy } = await heldOut(run, state, trainRows);
    if (!best || Number.isNaN(best.loss) || loss < best.loss) {
      best = { parameters: parameterValues(run.layers, state), loss, accuracy, epochs: epoch };
      bestEpoch = epoch;
    }
  }
  return best!;
}

/** Warm-up over the first tenth, then a cosine to zero. */
function oneCycle(progress: number): number {
  return progress < 0.1 ? progress / 0.1 : 0.5 * (1 + Math.cos((Math.PI * (progress - 0.1)) / 0.9));
}

function initialState({ layers, random }: Run): Tensors {
  const state: Tensors = {};
  for (const parameter of parametersOf(layers)) {
    const values = parameter.initial(random);
    state[parameter.name] = runtimeTensor("float32", values, parameter.dims);
    for (const moment of ["m", "v"])
      state[`${parameter.name}/${moment}`] = runtimeTensor(
        "float32",
        new Float32Array(values.length),
        parameter.dims,
      );
  }
  return state;
}

function nextState(state: Tensors, results: InferenceSession.OnnxValueMapType): Tensors {
  return Object.fromEntries(
    Object.keys(state).map((name) => [name, results[`${name}/next`] as RuntimeTensor]),
  );
}

function parameterValues(layers: readonly Layer[], state: Tensors): Map<string, Float32Array> {
  return new Map(parametersOf(layers).map(({ name }) => [name, (state[name].data as Float32Array).slice()]));
}

interface BatchRows {
  readonly window: FeatureWindow;
  /** First row, counted from the window's start. */
  readonly from: number;
  readonly rows: number;
}

/** Where the train rows' windows start and how many rows each has; the last one may be shorter. */
function trainWindows({ windowRows }: FeatureReader, trainRows: number): { start: number; rows: number }[] {
  return Array.from({ length: Math.ceil(trainRows / windowRows) }, (_, index) => {
    const start = index * windowRows;
    return { start, rows: Math.min(windowRows, trainRows - start) };
  });
}

/** A window gives as many whole batches as it holds, or one smaller batch. */
function stepsPerEpoch(reader: FeatureReader, trainRows: number, batchSize: number): number {
  const steps = trainWindows(reader, trainRows).map(({ rows }) =>
    Math.floor(rows / Math.min(batchSize, rows)),
  );
  return steps.reduce((sum, count) => sum + count, 0);
}

/**
 * The train rows in windows and batches of neighbours, both in random order and shifted by a random offset.
 * Rows lie on disk in random order, so neighbours are a fair batch.
 */
function* epochBatches({ reader, random }: Run, trainRows: number, batchSize: number): Generator<BatchRows> {
  for (const { start, rows } of shuffle(trainWindows(reader, trainRows), random)) {
    const window = reader.window(start);
    const size = Math.min(batchSize, rows);
    const offset = Math.floor(random() * (rows % size || 1));
    const batches = Array.from({ length: Math.floor(rows / size) }, (_, index) => offset + index * size);
    for (const from of shuffle(batches, random)) yield { window, from, rows: size };
  }
}

function batchTensors({ reader, kind }: Run, { window, from, rows }: BatchRows): Tensors {
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
  for (const [index, name] of kind.pooling.outputs.entries()) {
    const width = reader.widths[index];
    const data = window.features[index].subarray(from * width, (from + rows) * width);
    tensors[name] = runtimeTensor("float16", data, [rows, width]);
  }
  return tensors;
}

async function heldOut(
  run: Run,
  state: Tensors,
  trainRows: number,
): Promise<{ loss: number; accuracy: number }> {
  const { reader, options, layers, evaluator, job } = run;
  const parameters = Object.fromEntries(parametersOf(layers).map(({ name }) => [name, state[name]]));
  let loss = 0;
  let right = 0;
  for (let row = trainRows; row < reader.rows; ) {
    const window = reader.window(Math.floor(row / reader.windowRows) * reader.windowRows);
    const from = row - window.start;
    const rows = Math.min(options.batchSize, window.rows - from);
    const results = await evaluator.run({ ...batchTensors(run, { window, from, rows }), ...parameters });
    loss += Number(results.loss.data[0]) * rows;
    right += Number(results.accuracy.data[0]) * rows;
    row += rows;
    await job.pause();
  }
  const count = Math.max(1, reader.rows - trainRows);
  return { loss: loss / count, accuracy: right / count };
}

/** Puts the standardisation in front of the first linear layer, behind whatever mixes the pooled results. */
function withStandardisation(layers: readonly Layer[], { mean, scale }: Standardisation): Layer[] {
  const at = firstLinear(layers);
  return [...layers.slice(0, at), standardiseLayer("standardise", mean, scale), ...layers.slice(at)];
}

function firstLinear(layers: readonly Layer[]): number {
  return layers.findIndex((layer) => layer.parameters.some(({ dims }) => dims.length === 2));
}

/** (x - mean) * scale followed by W, b equals W' = scale W (by rows) and b' = b - (mean * scale) W. */
function foldStandardisation(
  layers: readonly Layer[],
  parameters: ReadonlyMap<string, Float32Array>,
  { mean, scale }: Standardisation,
): Map<string, Float32Array> {
  const [weight, bias] = layers[firstLinear(layers)].parameters;
  const [from, to] = weight.dims;
  const weights = parameters.get(weight.name)!.slice();
  const biases = Float64Array.from(parameters.get(bias.name)!);
  for (let row = 0; row < from; row++) {
    for (let column = 0; column < to; column++) {
      const scaled = weights[row * to + column] * scale[row];
      weights[row * to + column] = scaled;
      biases[column] -= mean[row] * scaled;
    }
  }
  return new Map(parameters).set(weight.name, weights).set(bias.name, Float32Array.from(biases));
}
