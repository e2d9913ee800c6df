import { exactShareInterval } from "../../../shared/base/binomial.ts";
import { AppError } from "../../../shared/base/errors.ts";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import { type BackboneCheck, checkWarnings, isAtChance } from "../../../shared/model/backbone-check.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { runImages } from "../dataset/splits/run-images.ts";
import { presentClasses } from "../dataset/splits/splits.ts";
import { backboneLogits, multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type InferenceSession, openSession } from "../onnx/runtime.ts";
import { answeredClasses } from "../onnx/scores.ts";
import { farBetter, type Trial } from "./far-better.ts";
import {
  type OtherOrder,
  type OtherPreprocessing,
  otherOrders,
  otherPreprocessings,
} from "./other-choices.ts";

/** Training images that are tried. */
const maxChecked = 500;

/** And those of them that decide whether another preprocessing is worth trying on the rest. */
const maxScreened = 100;

/** From this accuracy on, nothing can be better by the 10 points that count. */
const surelySound = 0.9;

/** What the backbone answers on some images. */
interface Answers {
  readonly answers: Int32Array;
  readonly labels: Int32Array;
}

/**
 * How often the backbone is right on some training images, and whether it would be far more often with another scale,
 * another order of the colours or of the classes: one pass over the images for each preprocessing, and none for
 * orders of the classes.
 * @throws AppError 'cancelled', and what reading images throws
 */
export async function checkBackbone(
  backbone: Backbone,
  data: OpenData,
  preprocess: Preprocess,
  job: Job,
): Promise<BackboneCheck> {
  const session = await openSession(encodeModel(multiExitModel(backbone, [], ownLogits(backbone))));
  try {
    const ask = (split: ImageSplit, max: number, part: Job) =>
      askBackbone(session, backbone, firstImages(split, max), part);
    const asIs = await ask(data.images.train, maxChecked, partOfJob(job, 0, 0.3));
    const right = rightAnswers(asIs);
    const images = right.length;
    const correct = sum(right);
    const others =
      correct > surelySound * images || images === 0
        ? { trials: [], tried: 0 }
        : await tryOthers(backbone, data, preprocess, asIs, ask, partOfJob(job, 0.3, 1));
    return {
      images,
      accuracy: images === 0 ? 0 : correct / images,
      interval: images === 0 ? [0, 1] : exactShareInterval(correct, images, 0.05),
      chance: 1 / presentClasses(data.source).size,
      alternatives: farBetter(right, others.trials, others.tried),
    };
  } finally {
    await session.release();
  }
}

/**
 * @param member name of the network that was checked, if it isn't the backbone
 * @throws AppError 'backbone-at-chance' if heads would learn from a network that can't be told from guessing
 */
export function refuseChance(check: BackboneCheck, member?: string): void {
  if (!isAtChance(check)) return;
  const [best] = check.alternatives;
  const [{ text }] = checkWarnings(check, member);
  throw new AppError("backbone-at-chance", text, {
    missing: "trainAnyway",
    // Remedies are options for the backbone.
    ...(best && !member ? { remedy: best.remedy } : {}),
  });
}

/**
 * Every preprocessing under every order of the classes, except the one that was asked for. One that is no better on
 * the first images isn't far better on all, so it isn't run on the rest.
 */
async function tryOthers(
  backbone: Backbone,
  data: OpenData,
  preprocess: Preprocess,
  asIs: Answers,
  ask: (split: ImageSplit, max: number, job: Job) => Promise<Answers>,
  job: Job,
): Promise<{ readonly trials: Trial[]; readonly tried: number }> {
  const { input } = backbone.summary;
  const pixels = otherPreprocessings(preprocess, input, data.valueRange, await isColoured(data));
  const orders = [undefined, ...otherOrders(data.source)];
  const trials = trialsOf(asIs, undefined, orders);
  for (const [index, other] of pixels.entries()) {
    const share = (from: number, to: number) =>
      partOfJob(job, (index + from) / pixels.length, (index + to) / pixels.length);
    const split = data.imagesUnder(other.preprocess, "train");
    const first = await ask(split, maxScreened, share(0, 0.2)).catch(noneIfUnfit);
    if (!first || !isPromising(first, asIs, orders)) continue;
    const all = await ask(split, maxChecked, share(0.2, 1)).catch(noneIfUnfit);
    if (all) trials.push(...trialsOf(all, other, orders));
  }
  return { trials, tried: (pixels.length + 1) * orders.length - 1 };
}

/** A network that can't answer images of another scale is none the worse for it. */
function noneIfUnfit(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== "model-unsupported") throw error;
}

/** The answers under each order of the classes; none where nothing is different. */
function trialsOf(
  answered: Answers,
  other: OtherPreprocessing | undefined,
  orders: readonly (OtherOrder | undefined)[],
): Trial[] {
  return orders.flatMap((order) => {
    const changes = [other, order].flatMap((change) => change ?? []);
    if (changes.length === 0) return [];
    return [
      {
        what: changes.map(({ what }) => what).join(" and "),
        remedy: changes.map(({ remedy }) => remedy).join(" and "),
        changes: (other?.changes ?? 0) + (order ? 1 : 0),
        preprocess: other?.preprocess,
        classNames: order && [...order.classNames],
        right: rightAnswers(answered, order),
      },
    ];
  });
}

function isPromising(first: Answers, asIs: Answers, orders: readonly (OtherOrder | undefined)[]): boolean {
  const rows = first.labels.length;
  const present = sum(rightAnswers(asIs).subarray(0, rows));
  return orders.some((order) => sum(rightAnswers(first, order)) >= present);
}

function sum(right: Uint8Array): number {
  return right.reduce((total, one) => total + one, 0);
}

async function isColoured({ source, splits: { train } }: OpenData): Promise<boolean> {
  const [image] = await source.read(train.part, train.indices.subarray(0, 1));
  return image !== undefined && "channels" in image && image.channels === 3;
}

async function askBackbone(
  session: InferenceSession,
  backbone: Backbone,
  split: ImageSplit,
  job: Job,
): Promise<Answers> {
  const answers: number[] = [];
  const labels: number[] = [];
  const { classes } = backbone.summary.output;
  for await (const batch of runImages(session, backbone.summary, split, job)) {
    const logits = batch.results[backboneLogits].data as Float32Array;
    answers.push(...answeredClasses({ classes, kind: "logits" }, logits, batch.rows));
    labels.push(...batch.labels);
  }
  return { answers: Int32Array.from(answers), labels: Int32Array.from(labels) };
}

/** 1 per image that is answered right, else 0. @param order of the classes, if it isn't the data set's */
function rightAnswers({ answers, labels }: Answers, order?: OtherOrder): Uint8Array {
  const wanted = order ? labels.map((label) => order.places[label]) : labels;
  return Uint8Array.from(answers, (answer, at) => (answer === wanted[at] ? 1 : 0));
}

/** The start of a split, which is in random order. */
function firstImages(split: ImageSplit, max: number): ImageSplit {
  const count = Math.min(max, split.count);
  return {
    count,
    unreadable: split.unreadable,
    async *batches(size) {
      let left = count;
      for await (const batch of split.batches(size)) {
        const rows = Math.min(left, batch.labels.length);
        yield { ...batch, labels: batch.labels.subarray(0, rows) };
        left -= batch.labels.length + batch.skipped.length;
        if (left <= 0) return;
      }
    },
  };
}
