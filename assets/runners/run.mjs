#!/usr/bin/env node
// Runs a staged early-exit network with onnxruntime-node: node run.mjs photo.ppm [more.ppm ...]
//
// Pictures are PPM files (raw red, green and blue behind a line that says how many; most tools write them); they are resized,
// cropped and scaled as the manifest says. What is preprocessed already comes as arrays: node run.mjs images.npy [further.npy ...],
// one image a row, of the type and shape that the first stage's input expects. Where the manifest lists several images, each is a
// file of its own with the same rows, in that order.
// --point NAME takes the manifest's thresholds of that name; --threads N and --spin set how each session works, see sessionOptions.
// With --budget-ms X the runner moves along all points so that an image takes X ms on average, or with --quantile 0.95 so that 95 %
// take no longer. With --counts FILE it counts exits and confidences, for `offramp monitor`; a file that is there is added to.
// Prints a JSON line per image: the class, its name if the manifest has names, the exit it left at (from 0) and the confidence
// there; where a budget is held also the point (null: the plan's own thresholds).

import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { BudgetController } from "./control.mjs";
import { FieldCounts } from "./counts.mjs";
import { makeInput } from "./images.mjs";

/**
 * Threads of each session: one, as Offramp measures unless told otherwise; 0 is one a core. Threads that wait sleep, for each
 * session has its own: those of a stage that is done would else spin on while the next stage works.
 */
export function sessionOptions({ threads = 1, spin = false } = {}) {
  return {
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: spin ? "1" : "0" } } },
  };
}

/**
 * Opens the network. `run` maps one image of batch 1, a tensor for each of the manifest's images, to {logits, exit, confidence};
 * `choose` switches to an operating point of the manifest by its name, without one back to the plan's own thresholds;
 * `point` is the one that counts now, null for the plan's own thresholds, and `thresholdsOf` says those of one; `byCost` lists all
 * points from the one that is predicted to take the least time; `inputsOf` makes the tensors of a picture's pixels: {width, height,
 * data}, bytes, three a pixel, red first. `watch`, if somebody sets it, is told of each sample once it has left: its point, and how
 * sure each exit was that it reached.
 */
export async function openStagedNetwork(folder, options = sessionOptions()) {
  const bytes = readFileSync(join(folder, "manifest.json"));
  const manifest = JSON.parse(bytes);
  if (manifest.format !== "offramp-staged" || ![1, 2, 3].includes(manifest.version))
    throw new Error(`${join(folder, "manifest.json")} is not a staged network of version 1, 2 or 3`);
  const sessions = [];
  for (const stage of manifest.stages)
    sessions.push(await InferenceSession.create(join(folder, stage.file), options));
  const own = manifest.stages.map(({ threshold }) => threshold).filter((threshold) => threshold !== null);
  const thresholdsOf = (name) => {
    if (name === null) return own;
    const point = manifest.points?.find((each) => each.name === name);
    if (!point) throw new Error(`the export has no point ${name}`);
    return point.thresholds;
  };
  let thresholds = own;
  let chosen = null;
  const choose = (name = null) => {
    thresholds = thresholdsOf(name);
    chosen = name;
  };
  const run = async (...images) => {
    // Kept on the whole way, whatever is chosen meanwhile.
    const [point, limits] = [chosen, thresholds];
    let value = images[0];
    let carried;
    const passed = [];
    for (const [k, stage] of manifest.stages.entries()) {
      // Where another network takes over, it starts from the image again.
      if (stage.image !== undefined) value = images[stage.image];
      const results = await sessions[k].run(feedsOf(stage, value, carried));
      value = results[stage.next];
      carried = results[stage.carries?.output];
      // Nobody leaves where the device hands over to the server.
      if (stage.logits === null) continue;
      const confidence = results[stage.confidence].data[0];
      const exit = passed.length;
      passed.push(confidence);
      if (stage.threshold !== null && confidence < Math.fround(limits[exit])) continue;
      network.watch?.(point, passed);
      return { logits: results[stage.logits].data, exit, confidence };
    }
  };
  /** A session's first run takes longer than those after it: this one goes through all stages and is watched by nobody. */
  const warmUp = async (...images) => {
    const { watch } = network;
    network.watch = undefined;
    thresholds = own.map(() => Number.POSITIVE_INFINITY);
    await run(...images);
    choose(chosen);
    network.watch = watch;
  };
  const { images = [manifest.stages[0].input] } = manifest;
  const inputsOf = (picture) =>
    images.map((image) => {
      const { data, dims } = makeInput(picture, image);
      return new Tensor(image.type, data, dims);
    });
  const network = {
    manifest,
    manifestSha256: createHash("sha256").update(bytes).digest("hex"),
    images,
    sessions,
    thresholdsOf,
    point: () => chosen,
    byCost: () => namesByCost(manifest),
    run,
    warmUp,
    choose,
    inputsOf,
    watch: undefined,
  };
  return network;
}

/** What a stage is run on: `value`, and where it goes by that, what the exits before it said. */
export function feedsOf({ input, carries }, value, carried) {
  return { [input.name]: value, ...(carries?.input && { [carries.input]: carried }) };
}

function namesByCost({ points = [], predicted }) {
  const all = [{ name: null, predicted }, ...points];
  if (points.length === 0 || all.some((point) => !point.predicted))
    throw new Error(
      "the manifest doesn't list operating points and what they take; export again with --point, from a project with a profile",
    );
  const meanMs = (point) => point.predicted.latencyMs.mean;
  return all.sort((one, other) => meanMs(one) - meanMs(other)).map(({ name }) => name);
}

/** The class that logits answer: the largest, or 1 if the one score of two classes is above the middle. */
function classOf({ score }, logits) {
  if (score) return Number(logits[0] > (score === "probability" ? 0.5 : 0));
  return logits.indexOf(Math.max(...logits));
}

const types = {
  float32: { code: "<f4", array: Float32Array },
  float16: { code: "<f2", array: Uint16Array },
  uint8: { code: "|u1", array: Uint8Array },
};

/** A little-endian array of a type, in C order, out of a .npy file. */
function readNpy(path, type) {
  const { code, array } = types[type];
  const bytes = readFileSync(path);
  if (bytes.toString("latin1", 0, 6) !== "\x93NUMPY") throw new Error(`${path} is no .npy file`);
  const wide = bytes[6] > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString("latin1", start, end);
  if (!header.includes(`'descr': '${code}'`) || !header.includes("'fortran_order': False"))
    throw new Error(`${path} must hold ${type} in C order; its header is ${header.trim()}`);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)[1]
    .split(",")
    .filter((part) => part.trim())
    .map(Number);
  return { shape, data: new array(new Uint8Array(bytes.subarray(end)).buffer) };
}

/** The rows of a file as tensors of batch 1. */
function readImages(path, { type, shape: expected }) {
  const { shape, data } = readNpy(path, type);
  if (shape.length !== expected.length || expected.some((size, axis) => axis > 0 && size !== shape[axis]))
    throw new Error(`${path} holds an array [${shape}], expected [images,${expected.slice(1)}]`);
  const size = shape.slice(1).reduce((product, dim) => product * dim, 1);
  const dims = [1, ...shape.slice(1)];
  const row = (index) => new Tensor(type, data.slice(index * size, (index + 1) * size), dims);
  return Array.from({ length: shape[0] }, (_, index) => row(index));
}

/** The pixels of a binary PPM file. */
function readPicture(path) {
  const bytes = readFileSync(path);
  const header = /^P6\s(?:\s|#[^\n]*\n)*(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString("latin1", 0, 1000));
  if (!header) throw new Error(`${path} is no binary PPM file with a byte for each colour`);
  const [width, height] = [Number(header[1]), Number(header[2])];
  const data = bytes.subarray(header[0].length, header[0].length + width * height * 3);
  if (data.length < width * height * 3) throw new Error(`${path} is cut short`);
  return { width, height, data };
}

/** Sample by sample the network's inputs, out of arrays. */
function arraysOf({ images }, paths) {
  if (paths.length !== images.length)
    throw new Error(`the network reads ${images.length} images a sample, ${paths.length} files are given`);
  const read = paths.map((path, index) => readImages(path, images[index]));
  const short = read.findIndex(({ length }) => length !== read[0].length);
  if (short > 0)
    throw new Error(`${paths[short]} holds ${read[short].length} images, ${paths[0]} ${read[0].length}`);
  return read[0].map((_, row) => read.map((rows) => rows[row]));
}

function* picturesOf(network, paths) {
  for (const path of paths) yield network.inputsOf(readPicture(path));
}

/** What is said of how to run it, see `openAsked` and `watchersOf`. */
export const flags = {
  point: { type: "string" },
  "budget-ms": { type: "string" },
  quantile: { type: "string" },
  counts: { type: "string" },
  threads: { type: "string", default: "1" },
  spin: { type: "boolean", default: false },
};

/** The network beside this file, as the flags' values say. */
export async function openAsked({ point, threads, spin }, paths) {
  if (paths.length === 0) throw new Error("say which images to run, such as photo.ppm");
  const options = sessionOptions({ threads: Number(threads), spin });
  const network = await openStagedNetwork(dirname(fileURLToPath(import.meta.url)), options);
  network.choose(point);
  return network;
}

/** Sample by sample the network's inputs. */
export function samplesOf(network, paths) {
  return paths[0].endsWith(".npy") ? arraysOf(network, paths) : picturesOf(network, paths);
}

/** What is printed of an answer, with the point that it was found at where a budget is held. */
export function lineOf(manifest, { logits, exit, confidence, point }) {
  const answer = classOf(manifest, logits);
  return JSON.stringify({ class: answer, name: manifest.classNames?.[answer], exit, confidence, point });
}

/** Who counts and who holds the budget, where that is asked for, of so many images at once. */
export function watchersOf(network, { point, "budget-ms": budget, quantile, counts: file }, underWay = 1) {
  if (point !== undefined && budget !== undefined)
    throw new Error("--point stays at one point and --budget-ms moves along all; give one of them");
  if (quantile !== undefined && budget === undefined)
    throw new Error("--quantile says how many images take --budget-ms at most; give that too");
  const counts = file === undefined ? undefined : new FieldCounts(network, file);
  const options = {
    quantile: quantile === undefined ? undefined : Number(quantile),
    patience: Math.max(5, underWay),
  };
  const control =
    budget === undefined ? undefined : new BudgetController(network.byCost(), Number(budget), options);
  return { counts, control };
}

/** Runs a sample, where a budget is held at the point that it allows. */
async function timedRun(network, images, { counts, control }) {
  if (control) network.choose(control.point);
  const started = performance.now();
  const results = await network.run(...images);
  const ms = performance.now() - started;
  control?.spend(ms);
  counts?.timed(ms);
  return { ...results, ms, point: control && network.point() };
}

async function main(args) {
  const { values, positionals: paths } = parseArgs({ args, options: flags, allowPositionals: true });
  const network = await openAsked(values, paths);
  const watchers = watchersOf(network, values);
  const spent = [];
  for (const images of samplesOf(network, paths)) {
    if (spent.length === 0 && (watchers.counts || watchers.control)) await network.warmUp(...images);
    const answer = await timedRun(network, images, watchers);
    console.log(lineOf(network.manifest, answer));
    spent.push(answer.ms);
  }
  watchers.counts?.save();
  if (watchers.control && spent.length > 0)
    console.error(`run.mjs: ${describeSpent(spent, watchers.control.budget)}`);
}

/** How well a budget was held. */
export function describeSpent(spent, budget) {
  const mean = spent.reduce((sum, ms) => sum + ms, 0) / spent.length;
  const within = spent.filter((ms) => ms <= budget).length / spent.length;
  return `${mean.toFixed(3)} ms on average, ${(100 * within).toFixed(1)} % within ${budget} ms`;
}

// Node resolves links in the module's own path but not in the command line's.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await main(process.argv.slice(2)).catch((error) => {
    console.error(`run.mjs: ${error.message}`);
    process.exitCode = 1;
  });
