import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { partOfJob } from "../../../shared/base/job.ts";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import { type SplitFigures, splitFiguresSchema } from "../../../shared/model/data-trust.ts";
import type { TrainOptions } from "../../../shared/model/stage-options.ts";
import { figuresOfLogits } from "../calibrate/exit-logits.ts";
import { buildHead, type Head } from "../heads/head.ts";
import { type HeadChoice, type HeadKind, poolingOf } from "../heads/head-kind.ts";
import { headShape } from "../heads/head-shape.ts";
import type { Pooling } from "../heads/pooling.ts";
import { readyHeads } from "../heads/ready-head.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import { checkModel } from "../onnx/import/reading/check-model.ts";
import { extractFeatures, featureRowBytes } from "../train/extract-features.ts";
import { FeatureReader } from "../train/feature-store.ts";
import { trainHead } from "../train/train-head.ts";
import type { LoadedData } from "./load-data.ts";
import type { StageContext } from "./stage-context.ts";

/** Disk that the features of the train split may take. */
const featureBudgetBytes = 4e9;

/** Memory that the features of one head may take while it trains. */
const windowBudgetBytes = 400e6;

/** Share of the stage's time that the pass over the images takes, roughly. */
const featureShare = 0.4;

const headFileSchema = z.object({
  macs: z.number(),
  bytes: z.number(),
  accuracy: z.number(),
  loss: z.number(),
  epochs: z.number(),
  /** What the backbone does on the images that the head learnt from; absent from entries that are older. */
  backboneOnTrain: splitFiguresSchema.optional(),
});

function poolingsOf(choices: readonly HeadChoice[]): Pooling[] {
  return [...new Map(choices.map(poolingOf).map((pooling) => [pooling.id, pooling])).values()];
}

/** The most train images whose features of all networks fit the disk budget together. */
export function featureRowLimit(networks: readonly Backbone[], choices: readonly HeadChoice[]): number {
  const rowBytes = networks.map(({ summary: { cutPoints, output } }) =>
    featureRowBytes(cutPoints, poolingsOf(choices), output.classes),
  );
  const allBytes = rowBytes.reduce((sum, bytes) => sum + bytes, 0);
  return Math.max(100, Math.floor(featureBudgetBytes / allBytes));
}

/**
 * One trained head per cut point and kind, in the backbone's order, after the heads that came with the model.
 * Each head is a cache entry of its own, so a stopped run continues with the next head.
 * @param cutPoints those that get heads; all unless said otherwise
 * @returns with what the backbone does on the images that they learnt from, if any learnt
 */
export async function trainHeads(
  { cache, job }: StageContext,
  backbone: Backbone,
  data: LoadedData,
  choices: readonly HeadChoice[],
  options: TrainOptions,
  cutPoints: readonly CutPoint[] = backbone.summary.cutPoints,
): Promise<{ readonly heads: readonly Head[]; readonly backboneOnTrain?: SplitFigures }> {
  const { output, sha256 } = backbone.summary;
  const poolings = poolingsOf(choices);
  const cuts = cutPoints.map(({ tensor, shape, layout, patches }) => ({ tensor, shape, layout, patches }));
  const featureKey = { sha256, cuts, data: data.key, poolings: poolings.map(({ id }) => id) };
  const extract = async () => {
    const share = partOfJob(job, 0, featureShare);
    const produce = (folder: string) =>
      extractFeatures(backbone, cutPoints, poolings, data.images.train, folder, share);
    return (
      await cache.get({ stage: "features", key: featureKey, produce, read: async (folder) => folder }, job)
    ).result;
  };
  let features: Promise<string> | undefined;
  const train = async (
    cut: CutPoint,
    { kind, options: kindOptions }: HeadChoice,
    share: typeof job,
    folder: string,
  ) => {
    features ??= extract();
    const { outputs } = kind.pooling(kindOptions);
    const reader = await FeatureReader.open(await features, cut.index, outputs, windowBudgetBytes).catch(
      (cause) => {
        // If somebody emptied the cache, they are extracted again with the head's next try.
        features = undefined;
        throw cause;
      },
    );
    try {
      const shape = headShape(cut, output.classes);
      const trained = await trainHead(reader, kind, kindOptions, shape, options, share);
      const head = buildHead(cut, output.classes, kind, kindOptions, trained.values);
      await writeFile(join(folder, "head.onnx"), encodeModel(head.model));
      const { accuracy, loss, epochs } = trained;
      const backboneOnTrain = figuresOfLogits(reader.teacher, reader.labels);
      const facts = { macs: head.macs, bytes: head.bytes, accuracy, loss, epochs, backboneOnTrain };
      await writeFile(join(folder, "head.json"), JSON.stringify(facts));
    } finally {
      reader.close();
    }
  };
  const wanted = cutPoints.flatMap((cut) => choices.map((choice) => ({ cut, choice })));
  const heads: Head[] = readyHeads(backbone);
  let backboneOnTrain: SplitFigures | undefined;
  for (const [index, { cut, choice }] of wanted.entries()) {
    const place = (step: number) => featureShare + ((1 - featureShare) * step) / wanted.length;
    const share = partOfJob(job, place(index), place(index + 1));
    const key = { featureKey, cut: cut.tensor, kind: choice.kind.id, kindOptions: choice.options, options };
    const produce = (folder: string) => train(cut, choice, share, folder);
    const read = (folder: string) => readHead(folder, cut, choice.kind);
    const { result } = await cache.get({ stage: "head", key, produce, read }, job);
    heads.push(result.head);
    backboneOnTrain ??= result.backboneOnTrain;
    share.report(1, 1, `head ${index + 1} of ${wanted.length}`);
    await job.pause();
  }
  return { heads: heads.sort((a, b) => position(backbone, a) - position(backbone, b)), backboneOnTrain };
}

function position({ summary }: Backbone, head: Head): number {
  return summary.cutPoints.findIndex(({ tensor }) => tensor === head.cutPoint);
}

async function readHead(folder: string, cut: CutPoint, kind: HeadKind) {
  const model = decodeModel(await readFile(join(folder, "head.onnx")), "a cached head");
  checkModel(model, "a cached head");
  const facts = headFileSchema.parse(JSON.parse(await readFile(join(folder, "head.json"), "utf8")));
  const { macs, bytes, backboneOnTrain } = facts;
  const head: Head = { cutPoint: cut.tensor, kind: kind.id, model, macs, bytes };
  return { head, backboneOnTrain };
}
