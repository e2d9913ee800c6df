import { type FileHandle, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../../../shared/base/job.ts";
import { type SplitFigures, splitFigures } from "../../../shared/model/data-trust.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { runImages } from "../dataset/splits/run-images.ts";
import type { Head } from "../heads/head.ts";
import { backboneLogits, multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type InferenceSession, openSession } from "../onnx/runtime.ts";

const labelsFile = "labels.i32";

function logitsFile(row: number): string {
  return `${row}.f32`;
}

/**
 * Runs a split through the backbone with all heads and streams every output's logits to `folder`: one file per head
 * in their order, the backbone's last, each row-major [samples, classes] float32.
 * @param opened of {@link openExits}, which stays open; absent, one is opened for this alone
 */
export async function computeExitLogits(
  backbone: Backbone,
  heads: readonly Head[],
  split: ImageSplit,
  folder: string,
  job: Job,
  opened?: InferenceSession,
): Promise<void> {
  const session = opened ?? (await openExits(backbone, heads));
  const outputs = [...heads.map((_, index) => exitOutput(index)), backboneLogits];
  const labels: Int32Array[] = [];
  const files: FileHandle[] = [];
  try {
    for (const row of outputs.keys()) files.push(await open(join(folder, logitsFile(row)), "w"));
    for await (const batch of runImages(session, backbone.summary, split, job)) {
      labels.push(batch.labels.slice());
      for (const [row, output] of outputs.entries()) {
        const data = batch.results[output].data as Float32Array;
        await files[row].appendFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
    }
    await writeFile(join(folder, labelsFile), labels);
  } finally {
    if (!opened) await session.release();
    for (const file of files) await file.close();
  }
}

function exitOutput(index: number): string {
  return `offramp/exit-${index}`;
}

/** A backbone with all heads, by which {@link computeExitLogits} runs. Whoever opens it releases it. */
export function openExits(backbone: Backbone, heads: readonly Head[]): Promise<InferenceSession> {
  const exits = heads.map((head, index) => ({ head, output: exitOutput(index) }));
  return openSession(encodeModel(multiExitModel(backbone, exits, ownLogits(backbone))));
}

/** The same files, filled range by range in any order. */
export interface LogitsFiles {
  /**
   * @param start samples before the range
   * @param logits of every output, row-major [outputs, samples, classes]
   */
  write(start: number, samples: number, logits: Float32Array): Promise<void>;
  /** @param labels of all samples, in pieces */
  finish(labels: readonly Int32Array[]): Promise<void>;
  close(): Promise<void>;
}

/** @param outputs how many heads there are, and the backbone */
export async function createLogitsFiles(
  folder: string,
  outputs: number,
  classes: number,
): Promise<LogitsFiles> {
  const files: FileHandle[] = [];
  for (let row = 0; row < outputs; row++) files.push(await open(join(folder, logitsFile(row)), "w"));
  return {
    write: async (start, samples, logits) => {
      const bytes = 4 * samples * classes;
      for (const [row, file] of files.entries()) {
        const own = new Uint8Array(logits.buffer, logits.byteOffset + row * bytes, bytes);
        await file.write(own, 0, bytes, 4 * start * classes);
      }
    },
    finish: (labels) => writeFile(join(folder, labelsFile), labels),
    close: async () => {
      for (const file of files) await file.close();
    },
  };
}

/** Reads one output's logits, row-major [samples, classes]. */
export async function readLogits(folder: string, row: number): Promise<Float32Array> {
  return new Float32Array(new Uint8Array(await readFile(join(folder, logitsFile(row)))).buffer);
}

/** How right and how sure logits are, by the plain softmax. @param logits row-major [samples, classes] */
export function figuresOfLogits(logits: Float32Array, labels: ArrayLike<number | bigint>): SplitFigures {
  const samples = labels.length;
  const classes = logits.length / samples;
  const correct = new Uint8Array(samples);
  const confidence = new Float32Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const own = logits.subarray(sample * classes, (sample + 1) * classes);
    let best = 0;
    for (let index = 1; index < classes; index++) if (own[index] > own[best]) best = index;
    let sum = 0;
    for (let index = 0; index < classes; index++) sum += Math.exp(own[index] - own[best]);
    correct[sample] = best === Number(labels[sample]) ? 1 : 0;
    confidence[sample] = 1 / sum;
  }
  return splitFigures({ correct, confidence });
}

export async function readLabels(folder: string): Promise<Int32Array> {
  return new Int32Array(new Uint8Array(await readFile(join(folder, labelsFile))).buffer);
}
