import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatBytes } from "../../../../shared/base/format-number.ts";
import { partOfJob, silentJob } from "../../../../shared/base/job.ts";
import type { CutPoint } from "../../../../shared/model/backbone.ts";
import type { TrainOptions } from "../../../../shared/model/stage-options.ts";
import { imageBytes } from "../../dataset/splits/input-pixels.ts";
import type { HeadChoice } from "../../heads/head-kind.ts";
import type { JobResult, JobRunner } from "../../jobs/job-kind.ts";
import { allTogether } from "../../jobs/together.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { openHeads, readProjectModel } from "../../project/project-models.ts";
import { featureBudgetBytes } from "../../train/feature-groups.ts";
import type { StageContext } from "../stage-context.ts";
import {
  type HeadPlace,
  headFiles,
  headPlaces,
  headQuery,
  type OnCurve,
  type TrainImages,
  trainHeads,
} from "../train-stage.ts";
import { type HeadsOptions, headsKind, modelOf, type TrainedHeads, wantedPlaces } from "./heads-kind.ts";
import { sentNetwork } from "./sent-network.ts";
import { packSplit } from "./split-packer.ts";

/** A worker keeps features for its next share of the same group, unless there are more groups than its disk is to hold. */
const sharesEach = 2;

/** Files of a job's result. */
const mostHeads = 200;

/** Images that a worker is sent at most. */
const mostImageBytes = 7e9;

const packingShare = 0.05;

interface SharedTraining {
  /** Disk for features. */
  readonly budgetBytes?: number;
  /** Told of heads as `trainHeads` tells; of those of workers once all are there. */
  readonly onCurve?: OnCurve;
}

/** Heads as {@link trainHeads} makes them, by workers where there are some: what they have made is taken as if it had been made here. */
export async function trainSharedHeads(
  context: StageContext,
  backbone: Backbone,
  data: TrainImages,
  choices: readonly HeadChoice[],
  options: TrainOptions,
  cutPoints: readonly CutPoint[],
  { budgetBytes = featureBudgetBytes, onCurve }: SharedTraining = {},
): ReturnType<typeof trainHeads> {
  const { runner, job } = context;
  const places = await runner?.places?.();
  if (runner && places !== undefined) {
    const wish = { backbone, data, choices, options, cutPoints, budgetBytes };
    await shareHeads(runner, { ...context, job: partOfJob(job, 0, 0.99) }, wish, places);
  }
  return trainHeads(context, backbone, data, choices, options, cutPoints, budgetBytes, { onCurve });
}

interface HeadsWish {
  readonly backbone: Backbone;
  readonly data: TrainImages;
  readonly choices: readonly HeadChoice[];
  readonly options: TrainOptions;
  readonly cutPoints: readonly CutPoint[];
  readonly budgetBytes: number;
}

async function shareHeads(
  runner: JobRunner,
  context: StageContext,
  wish: HeadsWish,
  places: number,
): Promise<void> {
  const { backbone, data, choices, options, cutPoints, budgetBytes } = wish;
  const { job } = context;
  const { input, cutPoints: all } = backbone.summary;
  const groups = await missingCuts(context, wish);
  if (groups.length === 0) return;
  const bytes = data.images.train.count * imageBytes(input);
  if (bytes > mostImageBytes) {
    const most = formatBytes(mostImageBytes);
    job.warn?.(
      `heads are trained here: the images take ${formatBytes(bytes)}, and a worker is sent ${most} at most`,
    );
    return;
  }
  const { train } = data.images;
  const packer = packSplit(context.cache, backbone, train, { key: data.key, split: "train" });
  const images = await packer
    .range(0, packer.partImages.length, partOfJob(job, 0, packingShare))
    .finally(packer.close);
  const subject = { network: sentNetwork(backbone, []), images, data };
  const wanted = (groups.length > 1 ? 1 : sharesEach) * places;
  const shares = groups.flatMap((cuts) => dealt(cuts, wanted, Math.floor(mostHeads / choices.length)));
  const weights = shares.map((cuts) => cuts.length);
  await allTogether("shares of heads", weights, partOfJob(job, packingShare, 1), async (index, part) => {
    const asked: HeadsOptions = {
      cutPoints: cutPoints.map((cut) => all.indexOf(cut)),
      mine: shares[index].map((cut) => all.indexOf(cut)),
      choices: choices.map(({ kind, options: own }) => ({ kind: kind.id, options: { ...own } })),
      training: options,
      budgetBytes,
    };
    const own = { ...context, job: part };
    const result = await runner.run(headsKind, subject, asked, own);
    // Kept even if another share has failed meanwhile.
    await keepHeads({ ...context, job: { ...silentJob, pause: job.pause } }, wish, result, asked);
  });
}

/** The cut points of each group at which a head is to be trained. */
async function missingCuts({ cache, job }: StageContext, wish: HeadsWish): Promise<CutPoint[][]> {
  const { backbone, data, choices, options, cutPoints, budgetBytes } = wish;
  const isMissing = async (place: HeadPlace) =>
    (await cache.find(headQuery(backbone, data, place, options), job)) === undefined;
  const groups: CutPoint[][] = [];
  for (const places of headPlaces(backbone, data, choices, options, cutPoints, budgetBytes)) {
    const missing = new Set<CutPoint>();
    for (const place of places)
      if (!missing.has(place.cut) && (await isMissing(place))) missing.add(place.cut);
    if (missing.size > 0) groups.push([...missing]);
  }
  return groups;
}

/** Deals cut points out in turn: heads get larger or smaller along a network. */
function dealt(cuts: readonly CutPoint[], wanted: number, most: number): CutPoint[][] {
  const count = Math.min(cuts.length, Math.max(wanted, Math.ceil(cuts.length / Math.max(1, most))));
  return Array.from({ length: count }, (_, share) => cuts.filter((_cut, at) => at % count === share));
}

/** Keeps what a worker has trained, once it has passed the door that a stranger's heads pass. */
async function keepHeads(
  { cache, job }: StageContext,
  { backbone, data, options }: HeadsWish,
  { value, files }: JobResult<TrainedHeads>,
  asked: HeadsOptions,
): Promise<void> {
  const places = wantedPlaces(backbone, asked);
  const stored = places.map(({ cut, choice }, at) => ({
    cutPoint: cut.tensor,
    kind: choice.kind.id,
    model: readProjectModel(modelOf(files, at), `head ${at + 1} of a worker`),
  }));
  await openHeads(backbone, stored, { job, cache });
  for (const [at, place] of places.entries()) {
    const { cut: _cut, kind: _kind, ...facts } = value.heads[at];
    const produce = async (folder: string) => {
      await writeFile(join(folder, headFiles.model), modelOf(files, at));
      await writeFile(join(folder, headFiles.facts), JSON.stringify(facts));
    };
    await cache.get({ ...headQuery(backbone, data, place, options), produce }, job);
  }
}
