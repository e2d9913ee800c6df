import { exactShareInterval } from "../../../shared/base/binomial.ts";
import { AppError } from "../../../shared/base/errors.ts";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import { samePlainData } from "../../../shared/base/plain-data.ts";
import { type BackboneCheck, checkWarnings, isAtChance } from "../../../shared/model/backbone-check.ts";
import type { Answered } from "../../../shared/model/class-mapping.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { DatasetSource } from "../dataset/dataset-source.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { presentClasses, type SplitName } from "../dataset/splits/splits.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { askBackbone, openAsked } from "./ask-backbone.ts";
import { farBetter, type Trial } from "./far-better.ts";
import {
  answeredOrder,
  type OtherOrder,
  type OtherPreprocessing,
  otherOrders,
  otherPreprocessings,
} from "./other-choices.ts";

/** Training images that are tried. */
const maxChecked = 500;

/** The same where time is short: enough to tell a backbone from guessing. */
const fewestChecked = 50;

/** Time is short if these few take such a share of it; other ways to prepare images are tried as often. */
const shortShare = 1 / 20;

/** And those of them that decide whether another preprocessing is worth trying on the rest. */
const maxScreened = 100;

/** From this accuracy on, nothing can be better by the 10 points that count. */
const surelySound = 0.9;

/**
 * How often the backbone is right on some training images, or of the calibration split where the train split is empty, and whether it would be far more often with another scale,
 * another order of the colours or of the classes: one pass over the images for each preprocessing, and none for
 * orders of the classes.
 * @param seconds that it may take, about: fewer images and other preprocessings are tried if need be
 * @throws AppError 'cancelled', and what reading images throws
 */
export async function checkBackbone(
  backbone: Backbone,
  data: OpenData,
  preprocess: Preprocess,
  job: Job,
  seconds = Number.POSITIVE_INFINITY,
): Promise<BackboneCheck> {
  const session = await openAsked(backbone);
  const name = data.images.train.count > 0 ? "train" : "calibration";
  try {
    const ask = (split: ImageSplit, max: number, part: Job) =>
      askBackbone(session, backbone, firstImages(split, max), part);
    const started = performance.now();
    const share = () => (performance.now() - started) / 1000 / seconds;
    const few = Number.isFinite(seconds)
      ? await ask(data.images[name], fewestChecked, partOfJob(job, 0, 0.05))
      : undefined;
    const isShort = few !== undefined && share() > shortShare;
    const most = isShort ? fewestChecked : maxChecked;
    const asIs = isShort ? few : await ask(data.images[name], most, partOfJob(job, 0.05, 0.3));
    const right = rightAnswers(asIs);
    const images = right.length;
    const correct = sum(right);
    const others =
      correct > surelySound * images || images === 0
        ? { trials: [], tried: 0 }
        : await tryOthers(backbone, data, preprocess, name, asIs, ask, most, {
            ...partOfJob(job, 0.3, 1),
            isTimeUp: () => share() > 1,
          });
    return {
      images,
      ...(name === "calibration" && { split: name }),
      accuracy: images === 0 ? 0 : correct / images,
      interval: images === 0 ? [0, 1] : exactShareInterval(correct, images, 0.05),
      chance: 1 / presentClasses(data.source).size,
      ...ownOrder(data.source, asIs),
      alternatives: farBetter(right, others.trials, others.tried),
    };
  } finally {
    await session.release();
  }
}

/** How right it would be with the classes numbered as the data set itself does, where that is another order of the same. */
function ownOrder({ own }: DatasetSource, asIs: Answered): Pick<BackboneCheck, "ownOrder"> {
  const places = own?.numbers ?? [];
  const moved = places.filter((place, label) => place !== label).length;
  if (places.includes(-1) || moved === 0 || asIs.labels.length === 0) return {};
  const right = sum(rightAnswers(asIs, places));
  return { ownOrder: { accuracy: right / asIs.labels.length, moved } };
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
    ...(best?.remedy && { remedy: best.remedy }),
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
  name: SplitName,
  asIs: Answered,
  ask: (split: ImageSplit, max: number, job: Job) => Promise<Answered>,
  most: number,
  job: Job,
): Promise<{ readonly trials: Trial[]; readonly tried: number }> {
  const { input } = backbone.summary;
  const pixels = otherPreprocessings(preprocess, input, data.valueRange, await isColoured(data));
  const orders = [undefined, ...otherOrders(data.source)];
  const trialsUnder = (answered: Answered, other?: OtherPreprocessing) =>
    trialsOf(answered, other, [...orders, ...foundOrders(data, answered, orders)]);
  const trials = trialsUnder(asIs);
  let tried = 0;
  for (const [index, other] of pixels.entries()) {
    if (job.isTimeUp?.()) break;
    tried++;
    const share = (from: number, to: number) =>
      partOfJob(job, (index + from) / pixels.length, (index + to) / pixels.length);
    const split = data.imagesUnder(other.preprocess, name);
    const screened = Math.min(maxScreened, most);
    const first = await ask(split, screened, share(0, 0.2)).catch(noneIfUnfit);
    if (!first || !isPromising(first, asIs, orders)) continue;
    const all = screened === most ? first : await ask(split, most, share(0.2, 1)).catch(noneIfUnfit);
    if (all) trials.push(...trialsUnder(all, other));
  }
  // Under each preprocessing also the order that its answers speak for.
  return { trials, tried: (tried + 1) * (orders.length + 1) - 1 };
}

/** An order that was found in the answers, and so can't be judged by the images that it was found in. */
interface FoundOrder extends OtherOrder {
  /** 1 per image that had no part in it. */
  readonly tested: Uint8Array;
}

/** The order that every second answer speaks for, if there is one and it is none of the known ones. */
function foundOrders(
  { source }: OpenData,
  { answers, labels }: Answered,
  known: readonly (OtherOrder | undefined)[],
): FoundOrder[] {
  const tested = answers.map((_, image) => image % 2);
  const isOfFound = (_: number, image: number) => tested[image] === 0;
  const order = answeredOrder(source, {
    answers: answers.filter(isOfFound),
    labels: labels.filter(isOfFound),
  });
  const isKnown = known.some((other) => other && samePlainData(other.places, order?.places));
  return order && !isKnown ? [{ ...order, tested: Uint8Array.from(tested) }] : [];
}

/** A network that can't answer images of another scale is none the worse for it. */
function noneIfUnfit(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== "model-unsupported") throw error;
}

/** The answers under each order of the classes; none where nothing is different. */
function trialsOf(
  answered: Answered,
  other: OtherPreprocessing | undefined,
  orders: readonly (OtherOrder | FoundOrder | undefined)[],
): Trial[] {
  return orders.flatMap((order) => {
    const changes = [other, order].flatMap((change) => change ?? []);
    if (changes.length === 0) return [];
    return [
      {
        what: changes.map(({ what }) => what).join(" and "),
        remedy: changes.map(({ remedy }) => remedy).join(" and "),
        changes: (other?.changes ?? 0) + (order ? changesOf(order) : 0),
        preprocess: other?.preprocess,
        classNames: order && [...order.classNames],
        right: rightAnswers(answered, order?.places),
        tested: order && "tested" in order ? order.tested : undefined,
      },
    ];
  });
}

/** An order that nobody has named explains less than one that people use, or than any preprocessing. */
function changesOf(order: OtherOrder | FoundOrder): number {
  return "tested" in order ? 2 : 1;
}

function isPromising(first: Answered, asIs: Answered, orders: readonly (OtherOrder | undefined)[]): boolean {
  const rows = first.labels.length;
  const present = sum(rightAnswers(asIs).subarray(0, rows));
  return orders.some((order) => sum(rightAnswers(first, order?.places)) >= present);
}

function sum(right: Uint8Array): number {
  return right.reduce((total, one) => total + one, 0);
}

async function isColoured({ source, splits: { train } }: OpenData): Promise<boolean> {
  const [image] = await source.read(train.part, train.indices.subarray(0, 1));
  return image !== undefined && "channels" in image && image.channels === 3;
}

/** 1 per image that is answered right, else 0. @param places per class its number, if the order is another one */
function rightAnswers({ answers, labels }: Answered, places?: readonly number[]): Uint8Array {
  const wanted = places ? labels.map((label) => places[label]) : labels;
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
