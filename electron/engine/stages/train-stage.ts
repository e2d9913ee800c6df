import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import { type SplitFigures, splitFiguresSchema } from "../../../shared/model/data-trust.ts";
import { type HeadCurve, headEpochsSchema } from "../../../shared/model/head-curve.ts";
import type { TrainOptions } from "../../../shared/model/stage-options.ts";
import type { StageCache } from "../base/cache.ts";
import { figuresOfLogits } from "../calibrate/exit-logits.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { buildHead, type Head } from "../heads/head.ts";
import { type HeadChoice, type HeadKind, poolingOf } from "../heads/head-kind.ts";
import { headShape } from "../heads/head-shape.ts";
import type { Pooling } from "../heads/pooling.ts";
import { readyHeads } from "../heads/ready-head.ts";
import type { WorkContext } from "../jobs/job-kind.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import { checkModel } from "../onnx/import/reading/check-model.ts";
import { extractFeatures } from "../train/extract-features.ts";
import { featureBudgetBytes, featureGroups, rowLimit, type StoredFeatures } from "../train/feature-groups.ts";
import { FeatureReader } from "../train/feature-store.ts";
import { trainHead } from "../train/train-head.ts";
import type { LoadedData } from "./load-data.ts";

/** Memory that the features of one head may take while it trains. */
const windowBudgetBytes = 400e6;

/** Share of the stage's time that the pass over the images takes, roughly. */
const featureShare = 0.4;

/** What is kept of a head beside its model. */
export const headFileSchema = z.object({
  macs: z.number(),
  bytes: z.number(),
  accuracy: z.number(),
  loss: z.number(),
  epochs: z.number(),
  /** What the backbone does on the images that the head learnt from; absent from entries that are older. */
  backboneOnTrain: splitFiguresSchema.optional(),
  /** How it learnt; absent from entries that are older. */
  curve: headEpochsSchema.optional(),
});

/** The files of a kept head. */
export const headFiles = { model: "head.onnx", facts: "head.json" } as const;

function poolingsOf(choices: readonly HeadChoice[]): Pooling[] {
  return [...new Map(choices.map(poolingOf).map((pooling) => [pooling.id, pooling])).values()];
}

/** The most train images whose features of all networks can be stored; see `rowLimit`. */
export function featureRowLimit(
  networks: readonly Backbone[],
  choices: readonly HeadChoice[],
  options: Pick<TrainOptions, "copies">,
): number {
  return rowLimit(networks.map((network) => storedFeatures(network, choices, options)));
}

function storedFeatures(
  { summary: { cutPoints, output } }: Backbone,
  choices: readonly HeadChoice[],
  { copies }: Pick<TrainOptions, "copies">,
): StoredFeatures {
  return { cutPoints, poolings: poolingsOf(choices), classes: output.classes, copies };
}

/** What heads learn from. */
export interface TrainImages extends Pick<LoadedData, "key"> {
  readonly images: { readonly train: ImageSplit };
}

/** What features depend on beside the backbone's cut points; how copies are drawn, where there are any. */
function featureKey({ summary }: Backbone, data: TrainImages, options: TrainOptions) {
  const { copies, crop, flip, seed } = options;
  return { sha256: summary.sha256, data: data.key, ...(copies > 0 && { copies, crop, flip, seed }) };
}

function cutKey({ tensor, shape, layout, patches }: CutPoint) {
  return { tensor, shape, layout, patches };
}

/** Features of some neighbouring cut points, which are made when the first head asks for them. */
class GroupFeatures {
  #folder: Promise<string> | undefined;
  readonly #query: { readonly stage: string; readonly key: unknown };

  constructor(
    private readonly cache: StageCache,
    private readonly job: Job,
    key: unknown,
    private readonly extract: (folder: string) => Promise<void>,
  ) {
    this.#query = { stage: "features", key };
  }

  async open(cut: CutPoint, { outputs }: Pooling): Promise<FeatureReader> {
    this.#folder ??= this.cache
      .get({ ...this.#query, produce: this.extract, read: async (folder) => folder }, this.job)
      .then(({ result }) => result);
    try {
      return await FeatureReader.open(await this.#folder, cut.index, outputs, windowBudgetBytes);
    } catch (cause) {
      // If somebody emptied the cache, they are extracted again with the head's next try.
      this.#folder = undefined;
      throw cause;
    }
  }

  /** Makes room for the next ones. */
  remove(): Promise<void> {
    return this.cache.remove(this.#query);
  }
}

/** Whose heads are wanted, and who watches them. */
interface TrainedPart {
  /** Some of the cut points; the others' have a part in how features are made, to the last bit. All if absent. */
  readonly mine?: readonly CutPoint[];
  /** Told after every epoch of a head how it learns, and of one that was kept how it learnt. */
  readonly onCurve?: OnCurve;
}

export type OnCurve = (curve: HeadCurve) => void;

interface LearntHeads {
  readonly heads: readonly Head[];
  /** Of those that were trained. */
  readonly curves: readonly HeadCurve[];
  /** What the backbone does on the images that they learnt from, if any learnt. */
  readonly backboneOnTrain?: SplitFigures;
}

/**
 * One trained head per cut point and kind, in the backbone's order, after the heads that came with the model.
 * Each head is a cache entry of its own, so a stopped run continues with the next head. Where the features of all cut points
 * exceed the disk budget, they are extracted and trained on group by group.
 * @param cutPoints those that get heads; all unless said otherwise
 * @param budgetBytes disk for features
 */
export async function trainHeads(
  { cache, job }: WorkContext,
  backbone: Backbone,
  data: TrainImages,
  choices: readonly HeadChoice[],
  options: TrainOptions,
  cutPoints: readonly CutPoint[] = backbone.summary.cutPoints,
  budgetBytes = featureBudgetBytes,
  { mine = cutPoints, onCurve = () => {} }: TrainedPart = {},
): Promise<LearntHeads> {
  const { train } = data.images;
  const stored = { ...storedFeatures(backbone, choices, options), cutPoints };
  const groups = featureGroups(stored, train.count, budgetBytes);
  const key = featureKey(backbone, data, options);
  const heads: Head[] = readyHeads(backbone);
  const curves: HeadCurve[] = [];
  let backboneOnTrain: SplitFigures | undefined;
  const total = choices.length * mine.length;
  let done = 0;
  for (const group of groups) {
    const own = group.filter((cut) => mine.includes(cut));
    if (own.length === 0) continue;
    const size = choices.length * own.length;
    const [from, to] = [done / total, (done + size) / total];
    const place = (step: number) => from + (to - from) * (featureShare + (1 - featureShare) * (step / size));
    const features = new GroupFeatures(
      cache,
      partOfJob(job, from, place(0)),
      { ...key, cuts: group.map(cutKey), poolings: stored.poolings.map(({ id }) => id) },
      (folder) =>
        extractFeatures(
          backbone,
          group,
          stored.poolings,
          train,
          options,
          folder,
          partOfJob(job, from, place(0)),
        ),
    );
    const wanted = own.flatMap((cut) => choices.map((choice) => ({ cut, choice })));
    for (const [index, { cut, choice }] of wanted.entries()) {
      const share = partOfJob(job, place(index), place(index + 1));
      const name = { cutPoint: cut.tensor, kind: choice.kind.id };
      const watch: Watched = { job: share, onEpoch: (epochs) => onCurve({ ...name, epochs: [...epochs] }) };
      const { result } = await cache.get(
        {
          ...headQuery(backbone, data, { cut, choice }, options),
          produce: (folder) => learnHead(backbone, cut, choice, features, options, folder, watch),
        },
        job,
      );
      heads.push(result.head);
      const curve = { ...name, epochs: result.facts.curve ?? [] };
      onCurve(curve);
      curves.push(curve);
      backboneOnTrain ??= result.backboneOnTrain;
      share.report(1, 1, `head ${++done} of ${total}`);
      await job.pause();
    }
    if (groups.length > 1) await features.remove();
  }
  heads.sort((a, b) => position(backbone, a) - position(backbone, b));
  return { heads, curves, backboneOnTrain };
}

/** A place and what is to learn there. */
export interface HeadPlace {
  readonly cut: CutPoint;
  readonly choice: HeadChoice;
}

/** The places of a network's heads in the order in which they are trained, group by group. */
export function headPlaces(
  backbone: Backbone,
  data: TrainImages,
  choices: readonly HeadChoice[],
  options: TrainOptions,
  cutPoints: readonly CutPoint[],
  budgetBytes = featureBudgetBytes,
): HeadPlace[][] {
  const stored = { ...storedFeatures(backbone, choices, options), cutPoints };
  return featureGroups(stored, data.images.train.count, budgetBytes).map((group) =>
    group.flatMap((cut) => choices.map((choice) => ({ cut, choice }))),
  );
}

/** Where a trained head is kept. */
export function headQuery(
  backbone: Backbone,
  data: TrainImages,
  { cut, choice: { kind, options: kindOptions } }: HeadPlace,
  options: TrainOptions,
) {
  const key = featureKey(backbone, data, options);
  return {
    stage: "head",
    key: { ...key, cut: cutKey(cut), kind: kind.id, kindOptions, options },
    read: (folder: string) => readHead(folder, cut, kind),
  };
}

interface Watched {
  readonly job: Job;
  readonly onEpoch: NonNullable<Parameters<typeof trainHead>[6]>;
}

/** Trains a head and writes it, with what is known of it, into an empty folder. */
async function learnHead(
  { summary: { output } }: Backbone,
  cut: CutPoint,
  { kind, options: kindOptions }: HeadChoice,
  features: GroupFeatures,
  options: TrainOptions,
  folder: string,
  { job, onEpoch }: Watched,
): Promise<void> {
  const reader = await features.open(cut, kind.pooling(kindOptions));
  try {
    const shape = headShape(cut, output.classes);
    const trained = await trainHead(reader, kind, kindOptions, shape, options, job, onEpoch);
    const head = buildHead(cut, output.classes, kind, kindOptions, trained.values);
    await writeFile(join(folder, headFiles.model), encodeModel(head.model));
    const { accuracy, loss, epochs, curve } = trained;
    const { rows, classes, teacher, labels } = reader;
    const backboneOnTrain = figuresOfLogits(teacher.subarray(0, rows * classes), labels.subarray(0, rows));
    const facts = { macs: head.macs, bytes: head.bytes, accuracy, loss, epochs, backboneOnTrain, curve };
    await writeFile(join(folder, headFiles.facts), JSON.stringify(facts));
  } finally {
    reader.close();
  }
}

function position({ summary }: Backbone, head: Head): number {
  return summary.cutPoints.findIndex(({ tensor }) => tensor === head.cutPoint);
}

async function readHead(folder: string, cut: CutPoint, kind: HeadKind) {
  const model = decodeModel(await readFile(join(folder, headFiles.model)), "a cached head");
  checkModel(model, "a cached head");
  const facts = headFileSchema.parse(JSON.parse(await readFile(join(folder, headFiles.facts), "utf8")));
  const { macs, bytes, backboneOnTrain } = facts;
  const head: Head = { cutPoint: cut.tensor, kind: kind.id, model, macs, bytes };
  return { head, backboneOnTrain, facts };
}
