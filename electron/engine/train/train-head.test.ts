import { describe, expect, it } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { randomInteger, randomNormal, seededRandom } from "../../../shared/base/random.ts";
import type { HeadEpoch } from "../../../shared/model/head-curve.ts";
import { type TrainOptions, trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { buildHead } from "../heads/head.ts";
import { type HeadChoice, type HeadKind, poolingOf } from "../heads/head-kind.ts";
import { headKinds } from "../heads/index.ts";
import { mixedLinear } from "../heads/mixed-linear.ts";
import { featureWidth } from "../heads/pooling.ts";
import { encodeModel } from "../onnx/codec.ts";
import { halfBits, halfValue } from "../onnx/half-float.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { FeatureReader, featureFiles, featureKey, learntRows } from "./feature-store.ts";
import { trainHead } from "./train-head.ts";

const classes = 4;
const side = 8;
const area = side * side;
const shape = { channels: 3, height: side, width: side, classes };
/** Of a map, and of its pooling to 4x4. */
const mapSize = shape.channels * area;
const gridSize = shape.channels * 16;
const cut = {
  index: 2,
  tensor: "map",
  boundary: "map",
  shape: [1, 3, side, side],
  layout: "channels-first" as const,
  type: "float32" as const,
  node: "relu",
  macs: 1,
  macsShare: 0.5,
  activationBytes: 768,
};
const options = trainOptionsSchema.parse({
  epochs: 10,
  batchSize: 50,
  learningRate: 0.05,
  distillation: 0,
  patience: 10,
  seed: 3,
});

interface Features {
  readonly rows: number;
  readonly labels: readonly number[];
  /** Feature maps [rows, 3, 8, 8], exact in float16. */
  readonly maps: Float32Array;
  readonly teacher: Float32Array;
}

/** The classes' corners of a tetrahedron, in the channels' means. */
const corners = [
  [1, 1, 1],
  [1, -1, -1],
  [-1, 1, -1],
  [-1, -1, 1],
];

/**
 * Maps whose channels lie around their class's corner, on large and unequal offsets and scales, so that heads have to
 * standardise them; a teacher that is sure of `answer(label)`.
 */
function makeFeatures(rows: number, separation: number, answer = (label: number) => label): Features {
  const random = seededRandom(11);
  const labels = Array.from({ length: rows }, () => randomInteger(random, classes));
  const maps = Float32Array.from({ length: rows * mapSize }, (_, index) => {
    const channel = Math.floor((index % mapSize) / area);
    const middle = separation * corners[labels[Math.floor(index / mapSize)]][channel];
    return halfValue(halfBits(4 ** channel * (3 + 0.5 * middle + 0.5 * randomNormal(random))));
  });
  const teacher = Float32Array.from({ length: rows * classes }, (_, index) =>
    answer(labels[Math.floor(index / classes)]) === index % classes ? 5 : 0,
  );
  return { rows, labels, maps, teacher };
}

function bytes(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The pooled results by name, worked out plainly: of every channel, or of each of its 2x2 blocks. */
function pooled(maps: Float32Array): Readonly<Record<string, number[]>> {
  const planes = Array.from({ length: maps.length / area }, (_, plane) => [
    ...maps.subarray(plane * area, (plane + 1) * area),
  ]);
  const blocks = planes.flatMap((plane) =>
    Array.from({ length: 16 }, (_, cell) => {
      const corner = 2 * side * Math.floor(cell / 4) + 2 * (cell % 4);
      return [0, 1, side, side + 1].map((offset) => plane[corner + offset]);
    }),
  );
  return {
    average: planes.map(mean),
    maximum: blocks.map((block) => Math.max(...block)),
    mean: blocks.map(mean),
    "map-32": [...maps],
  };
}

/** The features as extraction leaves them. */
async function openFeatures(
  { rows, labels, maps, teacher }: Features,
  kind: HeadKind,
  budgetBytes = 1e9,
): Promise<FeatureReader> {
  const results = pooled(maps);
  const { outputs } = poolingOf(choiceOf(kind));
  const widths = outputs.map((name) => [featureKey(cut.index, name), results[name].length / rows]);
  const files = outputs.map((name) => [
    `${featureKey(cut.index, name)}.f16`,
    bytes(Uint16Array.from(results[name], halfBits)),
  ]);
  const folder = await temporaryFolder({
    [featureFiles.meta]: JSON.stringify({ rows, copies: 0, classes, widths: Object.fromEntries(widths) }),
    [featureFiles.labels]: bytes(BigInt64Array.from(labels, BigInt)),
    [featureFiles.teacher]: bytes(teacher),
    ...Object.fromEntries(files),
  });
  return FeatureReader.open(folder, cut.index, outputs, budgetBytes);
}

interface Watching {
  readonly budgetBytes?: number;
  readonly job?: Job;
  readonly onEpoch?: (curve: readonly HeadEpoch[]) => void;
}

async function train(
  features: Features,
  kind: HeadKind,
  changes: Partial<TrainOptions> = {},
  { budgetBytes = 1e9, job = silentJob, onEpoch }: Watching = {},
) {
  const reader = await openFeatures(features, kind, budgetBytes);
  try {
    const own = choiceOf(kind).options;
    return await trainHead(reader, kind, own, shape, { ...options, ...changes }, job, onEpoch);
  } finally {
    reader.close();
  }
}

function choiceOf(kind: HeadKind): HeadChoice {
  return { kind, options: kind.options.parse({}) };
}

/** Logits of the head as it is deployed, on the raw feature maps. */
async function deployedLogits(
  { rows, maps }: Features,
  kind: HeadKind,
  parameters: ReadonlyMap<string, Float32Array>,
): Promise<Float32Array> {
  const head = buildHead(cut, classes, kind, choiceOf(kind).options, parameters);
  const session = await openSession(encodeModel(head.model), { threads: 1 });
  const { logits } = await session.run({ features: runtimeTensor("float32", maps, [rows, 3, side, side]) });
  await session.release();
  return logits.data as Float32Array;
}

/** Accuracy and cross-entropy of some rows, worked out plainly. */
function score(logits: Float32Array, labels: readonly number[], from: number, to = labels.length) {
  let [right, loss] = [0, 0];
  for (let row = from; row < to; row++) {
    const own = [...logits.subarray(row * classes, (row + 1) * classes)];
    if (own.indexOf(Math.max(...own)) === labels[row]) right++;
    loss += Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0)) - own[labels[row]];
  }
  return { accuracy: right / (to - from), loss: loss / (to - from) };
}

const separable = makeFeatures(500, 1);
const heldOutFrom = 450;

it("holds out the last tenth", () => {
  expect(learntRows(separable.rows)).toBe(heldOutFrom);
});

it("tells after every epoch how it learns, and in the end of all, the best one among them", async () => {
  const told: (readonly HeadEpoch[])[] = [];
  const trained = await train(
    separable,
    mixedLinear as HeadKind,
    {},
    { onEpoch: (curve) => told.push(curve) },
  );
  expect(told.map((curve) => curve.length)).toEqual(Array.from({ length: 10 }, (_, at) => at + 1));
  expect(trained.curve).toEqual(told[9]);
  const best = trained.curve[trained.epochs - 1];
  expect(best.epoch).toBe(trained.epochs);
  expect([best.loss, best.accuracy]).toEqual([
    Number(trained.loss.toPrecision(6)),
    Number(trained.accuracy.toPrecision(6)),
  ]);
  // Without distillation both losses are the same cross-entropy, which starts near that of a guess and falls.
  const [first, last] = [trained.curve[0].trainLoss!, trained.curve[9].trainLoss!];
  expect(first).toBeLessThan(1.2 * Math.log(classes));
  expect(last).toBeLessThan(0.5 * first);
});

it("says nothing of losses that are no numbers any more", async () => {
  const { rows, labels, maps, teacher } = separable;
  const wild = { rows, labels, maps, teacher: teacher.map(() => Number.NaN) };
  const { curve } = await train(wild, mixedLinear as HeadKind, { epochs: 1, distillation: 1 });
  expect(curve).toEqual([expect.objectContaining({ epoch: 1, trainLoss: null, loss: null })]);
});

describe.each(headKinds.map((kind) => [kind.id, kind] as const))("%s", (_id, kind) => {
  it("learns, and the deployed head answers as it did in training", async () => {
    const trained = await train(separable, kind);
    const logits = await deployedLogits(separable, kind, trained.values);
    const heldOut = score(logits, separable.labels, heldOutFrom);
    expect(heldOut.accuracy).toBeGreaterThan(0.9);
    expect(trained.accuracy).toBeCloseTo(heldOut.accuracy, 6);
    // Stored means are rounded to float16, the deployed head's are not.
    expect(Math.abs(trained.loss - heldOut.loss)).toBeLessThan(0.002 + 0.01 * heldOut.loss);
    expect(score(logits, separable.labels, 0, heldOutFrom).accuracy).toBeGreaterThan(0.9);
  });

  it("gives the same weights to the last bit for the same seed, others for another", async () => {
    const [first, second, other] = [
      await train(separable, kind),
      await train(separable, kind),
      await train(separable, kind, { seed: 4 }),
    ];
    expect(second).toEqual(first);
    expect([...other.values.keys()]).toEqual([...first.values.keys()]);
    for (const [name, own] of first.values) expect(other.values.get(name)).not.toEqual(own);
  });

  it("learns from many small windows", async () => {
    const pooling = poolingOf(choiceOf(kind));
    const rowBytes = 2 * pooling.outputs.length * featureWidth(pooling, shape);
    const trained = await train(separable, kind, {}, { budgetBytes: 37 * rowBytes });
    const logits = await deployedLogits(separable, kind, trained.values);
    const heldOut = score(logits, separable.labels, heldOutFrom);
    expect(heldOut.accuracy).toBeGreaterThan(0.9);
    expect(trained.accuracy).toBeCloseTo(heldOut.accuracy, 6);
  });
});

describe("distillation", () => {
  const misled = makeFeatures(500, 1, (label) => (label + 1) % classes);

  it("of 0 doesn't ask the backbone", async () => {
    const { values } = await train(misled, mixedLinear, { distillation: 0 });
    expect(values).toEqual((await train(separable, mixedLinear, { distillation: 0 })).values);
  });

  it("of a half learns from both, and of 1 whatever the backbone says", async () => {
    const half = await train(separable, mixedLinear, { distillation: 0.5 });
    expect(half.accuracy).toBeGreaterThan(0.9);
    const { values } = await train(misled, mixedLinear, { distillation: 1 });
    const logits = await deployedLogits(misled, mixedLinear, values);
    const answers = misled.labels.map((label) => (label + 1) % classes);
    expect(score(logits, answers, heldOutFrom).accuracy).toBeGreaterThan(0.9);
    expect(score(logits, misled.labels, heldOutFrom).accuracy).toBeLessThan(0.1);
  });
});

/** Keeps what a job is told; fails as a cancelled one does after some pauses. */
class WatchedJob implements Job {
  readonly reports: [done: number, total: number][] = [];
  #pauses = 0;

  constructor(private readonly patience = Number.POSITIVE_INFINITY) {}

  report(done: number, total: number): void {
    this.reports.push([done, total]);
  }

  async pause(): Promise<void> {
    if (++this.#pauses > this.patience) throw cancelledError();
  }
}

describe("progress", () => {
  it("ends when the last step is done, with one window and with many", async () => {
    const rowBytes = 2 * 2 * gridSize;
    // 450 rows to train on in batches of 50: 9 steps. Windows of 70 give 1 each, and the last 30 rows another.
    // Windows of 37 give 12, and the last 6 rows another.
    for (const [windowRows, stepsPerEpoch] of [
      [500, 9],
      [70, 7],
      [37, 13],
    ]) {
      const job = new WatchedJob();
      await train(separable, mixedLinear, { epochs: 2 }, { budgetBytes: windowRows * rowBytes, job });
      const steps = Array.from({ length: 2 * stepsPerEpoch }, (_, step) => [step + 1, 2 * stepsPerEpoch]);
      expect(job.reports).toEqual(steps);
    }
  });

  it("stops when patience runs out, and keeps the best epoch", async () => {
    const hopeless = makeFeatures(200, 0);
    const job = new WatchedJob();
    const changes = { epochs: 40, patience: 2, batchSize: 30, learningRate: 0.05 };
    const trained = await train(hopeless, mixedLinear, changes, { job });
    // 180 rows in batches of 30: 6 steps an epoch.
    expect(job.reports.length / 6).toBe(trained.epochs + 2);
    expect(trained.epochs).toBeLessThan(20);
    const logits = await deployedLogits(hopeless, mixedLinear, trained.values);
    expect(score(logits, hopeless.labels, 180).loss).toBeCloseTo(trained.loss, 3);
  });

  it("stops when the job is cancelled", async () => {
    const job = new WatchedJob(4);
    await expect(train(separable, mixedLinear, {}, { job })).rejects.toMatchObject({ code: "cancelled" });
    expect(job.reports).toHaveLength(5);
  });
});

it("trains on a single row", async () => {
  const { values, accuracy, loss } = await train(makeFeatures(1, 1), mixedLinear, { epochs: 2 });
  expect([...values.values()].every((own) => own.every(Number.isFinite))).toBe(true);
  expect([accuracy, loss]).toEqual([0, 0]);
});
