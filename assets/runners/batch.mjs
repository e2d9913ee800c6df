#!/usr/bin/env node
// Runs a staged early-exit network on many images, each stage on full batches: node batch.mjs --batch 8 images.npy
//
// Samples that go on wait at the next stage until there are as many as --batch says, so that later stages, which few samples reach,
// work on batches as large as the first one's. --wait MS is the longest that a sample waits at a stage; without it, until the
// images end. --time SECONDS runs the images again and again for so long, uncounted, and says on the error stream how many were
// answered a second. With --budget-ms a sample takes its share of the time of each batch that it is in, and keeps the point of its
// first; --counts counts no times, for those of batches aren't an image's own. All else, also what is printed, is as with run.mjs.

import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Tensor } from "onnxruntime-node";
import { describeSpent, feedsOf, flags, lineOf, openAsked, samplesOf, watchersOf } from "./run.mjs";

/** Answers samples of a stream: `run` each as it comes, and `finish` when no more are to come. */
export class Batcher {
  #network;
  #size;
  #waitMs;
  #control;
  /** By stage the samples that wait for it, the first come first. */
  #waiting;
  /** By stage the exit that it decides. */
  #exits;
  #open = new Set();
  #isBusy = false;
  #isEnding = false;
  #timer;

  /**
   * @param network as `openStagedNetwork` gives it
   * @param options.size samples of a batch
   * @param options.waitMs after which a stage runs fewer than that
   * @param options.control a `BudgetController`, which says at which point samples set out instead of the network, and is told what
   *   each took
   */
  constructor(network, { size = 8, waitMs = Number.POSITIVE_INFINITY, control } = {}) {
    const { stages } = network.manifest;
    if (!Number.isInteger(size) || size < 1) throw new Error(`a batch of ${size} can't be made`);
    if (size > 1 && stages.some(({ input }) => input.shape[0] !== null))
      throw new Error("the network takes one image at a time: its batch is fixed at 1; take run.mjs");
    this.#network = network;
    this.#size = size;
    this.#waitMs = waitMs;
    this.#control = control;
    this.#waiting = stages.map(() => []);
    this.#exits = stages.map((_, k) => stages.slice(0, k).filter(({ logits }) => logits !== null).length);
  }

  /**
   * @param images of one sample, a tensor of batch 1 for each of the network's
   * @returns what the network's `run` does, with the point that it was decided at, and what it took (ms): its share of the time of
   *   each batch that it was in
   */
  run(...images) {
    const answer = new Promise((resolve, reject) => {
      const sample = { images, resolve, reject, value: images[0], passed: [], ms: 0 };
      this.#waiting[0].push({ ...sample, since: performance.now() });
    });
    this.#open.add(answer);
    const close = () => this.#open.delete(answer);
    answer.then(close, close);
    this.#goOn();
    return answer;
  }

  /** Runs what waits, in smaller batches where there is no more. */
  async finish() {
    this.#isEnding = true;
    this.#goOn();
    await Promise.allSettled(this.#open);
    this.#isEnding = false;
  }

  #goOn() {
    if (this.#isBusy) return;
    clearTimeout(this.#timer);
    const stage = this.#readyStage();
    if (stage < 0) return this.#wake();
    this.#isBusy = true;
    this.#runStage(stage).then(() => {
      this.#isBusy = false;
      this.#goOn();
    });
  }

  /** The last that has a full batch, so that few samples are under way; else the first where somebody has waited enough. */
  #readyStage() {
    const full = this.#waiting.findLastIndex(({ length }) => length >= this.#size);
    if (full >= 0) return full;
    const due = performance.now() - this.#waitMs;
    return this.#waiting.findIndex(([first]) => first && (this.#isEnding || first.since <= due));
  }

  #wake() {
    const since = this.#waiting.flatMap(([first]) => (first ? [first.since] : []));
    const due = Math.min(...since) + this.#waitMs;
    if (Number.isFinite(due))
      this.#timer = setTimeout(() => this.#goOn(), Math.max(0, due - performance.now()) + 1);
  }

  async #runStage(k) {
    const { manifest, sessions } = this.#network;
    const stage = manifest.stages[k];
    const samples = this.#waiting[k].splice(0, this.#size);
    // Kept on the whole way: half at one point and half at another would be no point's decision.
    if (k === 0) for (const sample of samples) sample.point = this.#point();
    const started = performance.now();
    const feeds = samples.map(({ images, value, carried }) =>
      feedsOf(stage, stage.image === undefined ? value : images[stage.image], carried),
    );
    try {
      const results = await sessions[k].run(joinedFeeds(feeds));
      const share = (performance.now() - started) / samples.length;
      for (const [row, sample] of samples.entries())
        this.#handOn(k, { ...sample, ms: sample.ms + share }, rowOf(results, row, samples.length));
    } catch (error) {
      for (const { reject } of samples) reject(error);
    }
  }

  #point() {
    return this.#control ? this.#control.point : this.#network.point();
  }

  #handOn(k, sample, results) {
    const { logits, confidence, threshold, next, carries } = this.#network.manifest.stages[k];
    const { point, ms } = sample;
    if (logits !== null) {
      const exit = this.#exits[k];
      const sureness = results[confidence].data[0];
      sample.passed.push(sureness);
      if (threshold === null || !(sureness < Math.fround(this.#network.thresholdsOf(point)[exit]))) {
        this.#network.watch?.(point, sample.passed);
        this.#control?.spend(ms);
        return sample.resolve({ logits: results[logits].data, exit, confidence: sureness, point, ms });
      }
    }
    const [value, carried] = [results[next], results[carries?.output]];
    this.#waiting[k + 1].push({ ...sample, value, carried, since: performance.now() });
  }
}

function joinedFeeds(feeds) {
  const names = Object.keys(feeds[0]);
  return Object.fromEntries(names.map((name) => [name, joined(feeds.map((each) => each[name]))]));
}

/** Tensors of batch 1 as one. */
function joined(tensors) {
  const [{ type, dims, data }] = tensors;
  if (tensors.length === 1) return tensors[0];
  const all = new data.constructor(data.length * tensors.length);
  for (const [row, tensor] of tensors.entries()) all.set(tensor.data, row * data.length);
  return new Tensor(type, all, [tensors.length, ...dims.slice(1)]);
}

/** What is a sample's of a batch's results. */
function rowOf(results, row, rows) {
  return Object.fromEntries(
    Object.entries(results).map(([name, { type, data, dims }]) => {
      const size = data.length / rows;
      return [name, new Tensor(type, data.slice(row * size, (row + 1) * size), [1, ...dims.slice(1)])];
    }),
  );
}

/** All answers, in the order of the samples. */
async function answersTo(batcher, samples) {
  const answers = samples.map((images) => batcher.run(...images));
  await batcher.finish();
  return Promise.all(answers);
}

async function tellPace(batcher, samples, seconds, size) {
  const start = performance.now();
  let count = 0;
  do {
    await answersTo(batcher, samples);
    count += samples.length;
  } while (performance.now() - start < 1000 * seconds);
  const perSecond = (1000 * count) / (performance.now() - start);
  console.error(JSON.stringify({ samples: count, batch: size, perSecond }));
}

const ownFlags = {
  ...flags,
  batch: { type: "string", default: "8" },
  wait: { type: "string", default: "Infinity" },
  time: { type: "string", default: "0" },
};

async function main(args) {
  const { values, positionals } = parseArgs({ args, options: ownFlags, allowPositionals: true });
  const network = await openAsked(values, positionals);
  const [size, waitMs, seconds] = [values.batch, values.wait, values.time].map(Number);
  const { counts, control } = watchersOf(network, values, size * network.manifest.stages.length);
  const batcher = new Batcher(network, { size, waitMs, control });
  const samples = [...samplesOf(network, positionals)];
  if (samples.length > 0 && (counts || control)) await network.warmUp(...samples[0]);
  const answers = await answersTo(batcher, samples);
  for (const answer of answers)
    console.log(lineOf(network.manifest, { ...answer, point: control && answer.point }));
  counts?.save();
  if (control && answers.length > 0) {
    const spent = answers.map(({ ms }) => ms);
    console.error(`batch.mjs: ${describeSpent(spent, control.budget)}`);
  }
  if (seconds > 0) await tellPace(batcher, samples, seconds, size);
}

// As in run.mjs.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await main(process.argv.slice(2)).catch((error) => {
    console.error(`batch.mjs: ${error.message}`);
    process.exitCode = 1;
  });
