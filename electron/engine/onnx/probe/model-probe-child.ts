import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { argv, platform } from "node:process";
import { seededRandom } from "../../../../shared/base/random.ts";
import { imageOfType, isInteger } from "../image-types.ts";
import { createSession, floatValues, type InferenceSession, type RuntimeTensor } from "../runtime.ts";
import { elementCount } from "../tensors.ts";
import { guardProbe } from "./guard-probe.ts";
import type {
  ObservedTensor,
  ProbeInput,
  ProbeMessage,
  ProbePhase,
  ProbeRequest,
  ProbeResult,
  ShapeObservation,
  TensorNumbers,
} from "./model-probe-protocol.ts";
import { sentNumbers, withinBudget } from "./send-budget.ts";

/**
 * Entry of the process that loads and runs a model for the first time, and that a model may kill.
 * `probeModel` starts it, watches it and ends it; a thread of its own does so where that can't. Arguments: the pids of the
 * processes that it serves.
 */

const standardInput = 0;
/** Outputs above this many elements are no class scores; their values stay here. */
const smallOutput = 100_000;
/** Tensors that depend on shapes alone and are larger, such as masks, are computed where they are needed. */
const maxShapeValues = 4096;
/** ONNX Runtime's messages hold whatever names a model gives. */
const maxMessageLength = 500;

// A machine that runs out of memory should kill this process before any other.
if (platform === "linux") writeFileSync("/proc/self/oom_score_adj", "1000");

const guard = guardProbe(argv.slice(2).map(Number));

/** There if this is a utility process of Electron, and no child of plain Node. */
const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };

interface ParentPort {
  postMessage(message: ProbeMessage): void;
  on(event: "message", listener: (event: { readonly data: ProbeRequest }) => void): unknown;
}

// Listening keeps the process alive, so that it ends only after the parent has read the result.
if (parentPort) parentPort.on("message", ({ data }) => answer(data));
else process.on("message", answer);

function answer(request: ProbeRequest): void {
  probe(request).then(
    (result) => say({ kind: "result", result }),
    (cause) => say(failure(cause)),
  );
}

/** What was seen is more than the parent should have to hold. */
class TooMuch extends Error {}

function failure(cause: unknown): ProbeMessage {
  const message = (cause instanceof Error ? cause.message : String(cause)).slice(0, maxMessageLength);
  return { kind: cause instanceof TooMuch ? "refused" : "failed", message };
}

function say(message: ProbeMessage): void {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
}

function enter(phase: ProbePhase): void {
  say({ kind: "phase", phase });
}

async function probe(request: ProbeRequest): Promise<ProbeResult> {
  enter("reading the model");
  await guard.limit(request.limits);
  const bytes = readModel(request);
  const { plain, observed } = await observe(bytes, request);
  const tensors = new Map(Object.entries(observed).map(([name, tensor]) => [name, describe(tensor)]));
  checkDims(tensors);
  const first = smallOutputs(observed, request.outputs);
  const pair = await shapesOfTwo(plain, request);
  const shapes = shapeValues(request.shapeTensors, observed, pair);
  await plain.release();

  enter("loading the optimised model");
  const { provider, modelBytes } = request;
  const optimised = await createSession(bytes.subarray(0, modelBytes), { provider });
  enter("running the optimised model");
  const second = await runOn(optimised, request, request.seeds[1], [...first.keys()]);
  const outputs = new Map(
    [...first].map(([name, values]) => [name, [values, Array.from(floatValues(second[name]))]]),
  );
  enter("running it on two images at once");
  const batchedOutputs =
    request.dynamicBatch && pair
      ? await outputsOfTwoImages(optimised, request, [...first.keys()], second)
      : [];
  const pairDims = new Map(
    request.shapedTensors.flatMap((name) => (pair?.[name] ? [[name, [...pair[name].dims]]] : [])),
  );
  return { tensors, outputs, shapeValues: shapes, pairDims, batchedOutputs };
}

/**
 * Runs the model with every tensor as an output, those of branches and loops too unless that fails: both branches of an
 * If run then, even the one that its condition guards against. Where the image is what chooses, either may be next, and
 * a model of which one can't run is no use.
 */
async function observe(
  bytes: Buffer,
  request: ProbeRequest,
): Promise<{ plain: InferenceSession; observed: Results }> {
  const { observedBytes, mustSeeBranches } = request;
  if (observedBytes < bytes.length) {
    const inside = await runObserved(bytes, request).catch((cause) => {
      if (mustSeeBranches) throw cause;
    });
    if (inside) return inside;
  }
  return runObserved(bytes.subarray(0, observedBytes), request);
}

async function runObserved(
  bytes: Uint8Array,
  request: ProbeRequest,
): Promise<{ plain: InferenceSession; observed: Results }> {
  enter("loading the model");
  const plain = await createSession(bytes, { optimise: false, provider: request.provider });
  enter("running the model");
  const isTensor = plain.outputMetadata.filter((output) => output.isTensor).map((output) => output.name);
  const observed = await plain.run(randomFeeds(request, request.seeds[0]), isTensor);
  return { plain, observed };
}

type Results = Readonly<Record<string, RuntimeTensor>>;

/**
 * What the tensors that say shapes, and those that they shape, are on two images at once.
 * @returns undefined if the model doesn't take two
 */
async function shapesOfTwo(
  session: InferenceSession,
  { input, seeds, dynamicBatch, shapeTensors, shapedTensors }: ProbeRequest,
): Promise<Results | undefined> {
  const wanted = [...shapeTensors, ...shapedTensors];
  if (!dynamicBatch) return undefined;
  if (wanted.length === 0) return {};
  return session.run({ [input.name]: randomPair(input, seeds) }, wanted).catch(() => undefined);
}

function shapeValues(
  names: readonly string[],
  one: Results,
  two: Results | undefined,
): Map<string, ShapeObservation> {
  const small = names.filter((name) => one[name] && one[name].size <= maxShapeValues);
  const sized = small.map((name) => ({ name, numbers: one[name].size + (two?.[name]?.size ?? 0) }));
  const found = new Map<string, ShapeObservation>();
  for (const { name } of withinBudget(sized, sentNumbers.shapes)) {
    const numbers = smallNumbers(one[name]);
    if (numbers) found.set(name, { one: numbers, two: smallNumbers(two?.[name]) });
  }
  return found;
}

function smallNumbers(tensor: RuntimeTensor | undefined): TensorNumbers | undefined {
  if (!tensor || tensor.size > maxShapeValues || tensor.type === "string") return undefined;
  return (tensor.data as TensorNumbers).slice() as TensorNumbers;
}

function readModel({ modelPath }: ProbeRequest): Buffer {
  if (modelPath === undefined) return readFileSync(standardInput);
  const bytes = readFileSync(modelPath);
  // The parent may be killed from now on, and nothing stays behind.
  rmSync(dirname(modelPath), { recursive: true, force: true });
  return bytes;
}

/**
 * The outputs for which the batch that a model leaves open really is open. Exporters declare it so, yet a Reshape traced
 * at batch 1 may fail on two images, or mix them up; and beside the scores there may be what isn't one row an image.
 * @param outputs names of the small ones
 * @param second what the second image gave alone
 */
async function outputsOfTwoImages(
  session: InferenceSession,
  request: ProbeRequest,
  outputs: readonly string[],
  second: Results,
): Promise<string[]> {
  const { input, seeds } = request;
  const both = await run(session, { [input.name]: randomPair(input, seeds) }, outputs).catch(() => undefined);
  if (!both) return [];
  // Run again, since a quantised model gave other integers unoptimised.
  const first = await runOn(session, request, seeds[0], outputs);
  const values = (results: Results, name: string) => Array.from(floatValues(results[name]));
  return outputs.filter((name) =>
    agree(values(both, name), [...values(first, name), ...values(second, name)]),
  );
}

function runOn(
  session: InferenceSession,
  request: ProbeRequest,
  seed: number,
  outputs: readonly string[],
): Promise<Results> {
  return run(session, randomFeeds(request, seed), outputs);
}

/** One image for each input that reads one. */
function randomFeeds({ input, further }: ProbeRequest, seed: number): Results {
  return Object.fromEntries([input, ...further].map((each) => [each.name, randomImage(each, seed)]));
}

/** Gives only the outputs that are looked at, for there may be thousands; all if none is, so that it runs at all. */
function run(session: InferenceSession, feeds: Results, outputs: readonly string[]): Promise<Results> {
  return outputs.length > 0 ? session.run(feeds, outputs) : session.run(feeds);
}

/** Equal except for rounding, which may differ for several images, and grows where results become integers. */
function agree(values: readonly number[], expected: readonly number[]): boolean {
  const bound = 0.05 * expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0) + 1e-3;
  return (
    values.length === expected.length &&
    values.every((value, at) => value === expected[at] || Math.abs(value - expected[at]) <= bound)
  );
}

function randomPair(input: ProbeInput, seeds: ProbeRequest["seeds"]): RuntimeTensor {
  return randomImage({ ...input, dims: [2, ...input.dims.slice(1)] }, ...seeds);
}

/**
 * Noise, each image along the first axis from a seed of its own. Odd seeds give bright images, even ones dark images,
 * since pooling makes plain noise all alike.
 */
function randomImage({ type, dims }: ProbeInput, ...seeds: readonly number[]): RuntimeTensor {
  const count = elementCount(dims) / seeds.length;
  const zero = type === "int8" ? 128 : 0;
  const pixelOf = isInteger(type)
    ? (unit: number) => Math.floor(unit * 256) - zero
    : (unit: number) => unit * 2 - 1;
  const length = count * seeds.length;
  const values = type === "uint8" ? new Uint8Array(length) : new Float32Array(length);
  seeds.forEach((seed, image) => {
    const random = seededRandom(seed);
    for (let at = 0; at < count; at++) values[image * count + at] = pixelOf((random() + (seed % 2)) / 2);
  });
  return imageOfType(type, values, dims);
}

function describe(tensor: RuntimeTensor): ObservedTensor {
  return { type: tensor.type, dims: [...tensor.dims] };
}

function checkDims(tensors: ReadonlyMap<string, ObservedTensor>): void {
  let count = 0;
  for (const { dims } of tensors.values()) count += dims.length;
  if (count > sentNumbers.dims)
    throw new TooMuch(`its tensors have ${count} dimensions in all, expected at most ${sentNumbers.dims}`);
}

/** Values on the first image of the float outputs that may hold class scores. */
function smallOutputs(observed: Results, names: readonly string[]): Map<string, number[]> {
  const small = names.filter((name) => observed[name] && observed[name].size <= smallOutput);
  const floats = small.filter((name) => /^float(16|32|64)$/.test(observed[name].type));
  // On two images.
  const sized = floats.map((name) => ({ name, numbers: 2 * observed[name].size }));
  const sent = withinBudget(sized, sentNumbers.outputs);
  return new Map(sent.map(({ name }) => [name, Array.from(floatValues(observed[name]))]));
}
