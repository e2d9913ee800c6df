import { z } from "zod";
import { AppError } from "../../../../shared/base/errors.ts";
import { trainOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { untrainedHeads } from "../../heads/head.ts";
import { headChoices } from "../../heads/head-choices.ts";
import { implausible } from "../../jobs/implausible.ts";
import type { JobFiles, JobKind, WorkContext } from "../../jobs/job-kind.ts";
import { type BatchRange, hashOfBatches, openBatches, rangeOf } from "../../jobs/packed-batches.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { type HeadPlace, headFileSchema, headQuery, type TrainImages, trainHeads } from "../train-stage.ts";
import { networkFiles, openSentNetwork, type SentNetwork } from "./sent-network.ts";

/** A network and the images that its heads learn from. */
export interface HeadsSubject {
  readonly network: SentNetwork;
  readonly images: BatchRange;
  readonly data: TrainImages;
}

/** Among the network's cut points. */
const cutIndex = z.number().int().nonnegative().max(100_000);

const optionsSchema = z.strictObject({
  /** All cut points that get heads: which features are made together decides on their last bits. */
  cutPoints: z.array(cutIndex).min(1),
  /** Those of which heads are wanted. */
  mine: z.array(cutIndex).min(1),
  choices: z
    .array(z.strictObject({ kind: z.string(), options: z.record(z.string(), z.unknown()) }))
    .min(1)
    .max(16),
  training: trainOptionsSchema,
  /** Disk for features, which divides cut points into groups. */
  budgetBytes: z.number().positive().max(1e12),
});

export type HeadsOptions = z.infer<typeof optionsSchema>;

const valueSchema = z.object({
  heads: z.array(headFileSchema.extend({ cut: cutIndex, kind: z.string() })).max(256),
});

export type TrainedHeads = z.infer<typeof valueSchema>;

const modelFile = (head: number) => `head-${head}.onnx`;

const longestSeconds = 3 * 86_400;

/** Heads for some cut points, from features that are extracted there. */
export const headsKind: JobKind<HeadsSubject, HeadsOptions, TrainedHeads> = {
  id: "train",
  edition: 1,
  isMeasurement: false,
  options: optionsSchema,
  value: valueSchema,
  maxResultBytes: 2 ** 31,
  needs: () => ({ seconds: longestSeconds, threads: 1 }),
  lasting: networkFiles,
  pack: async ({ network, images }) => ({ ...network.files, ...images.files }),
  open: async (folder, _options, context) => {
    const { backbone } = await openSentNetwork(folder, context);
    const { input } = backbone.summary;
    const packed = await openBatches(folder, input);
    const images = rangeOf(packed, input);
    const hash = await hashOfBatches(folder, packed, context.job);
    const data = { key: { packed: hash }, images: { train: images.images } };
    return { network: { backbone, heads: [], files: {} }, images, data };
  },
  run: async ({ network: { backbone }, data }, options, context) => {
    const { training, budgetBytes } = options;
    const [cuts, mine] = [cutsAt(backbone, options.cutPoints), cutsAt(backbone, options.mine)];
    const choices = headChoices(options.choices);
    await trainHeads(context, backbone, data, choices, training, cuts, budgetBytes, { mine });
    return keptHeads(context, backbone, data, options);
  },
  check: ({ value: { heads }, files }, { network: { backbone } }, options) => {
    const places = wantedPlaces(backbone, options);
    if (heads.length !== places.length) throw implausible(`it has ${heads.length} heads`);
    for (const [at, { cut, choice }] of places.entries()) {
      const { macs, bytes, accuracy, ...head } = heads[at];
      const [plain] = untrainedHeads(backbone, [choice]).filter(({ cutPoint }) => cutPoint === cut.tensor);
      if (backbone.summary.cutPoints[head.cut] !== cut || head.kind !== choice.kind.id)
        throw implausible(`its head ${at + 1} is of another place or kind`);
      if (macs !== plain.macs || bytes !== plain.bytes || !(accuracy >= 0 && accuracy <= 1))
        throw implausible(`its head ${at + 1} is none of the kind ${choice.kind.id}`);
      if (!files[modelFile(at)]) throw implausible(`its head ${at + 1} has no model`);
    }
  },
};

function cutsAt({ summary }: Backbone, indices: readonly number[]) {
  return indices.map((index) => {
    const cut = summary.cutPoints[index];
    if (cut) return cut;
    throw new AppError(
      "file-invalid",
      `the network has ${summary.cutPoints.length} cut points, none of number ${index}`,
    );
  });
}

/** The heads of a share in the order of its result. */
export function wantedPlaces(backbone: Backbone, { mine, choices }: HeadsOptions): HeadPlace[] {
  const wanted = headChoices(choices);
  return cutsAt(backbone, mine).flatMap((cut) => wanted.map((choice) => ({ cut, choice })));
}

/** The model of a head in a result, by its place in it. */
export function modelOf(files: JobFiles, head: number): Uint8Array {
  return files[modelFile(head)];
}

async function keptHeads(
  { cache, job }: WorkContext,
  backbone: Backbone,
  data: TrainImages,
  options: HeadsOptions,
) {
  const heads: TrainedHeads["heads"] = [];
  const files: Record<string, Uint8Array> = {};
  for (const [at, place] of wantedPlaces(backbone, options).entries()) {
    const found = await cache.find(headQuery(backbone, data, place, options.training), job);
    if (!found)
      throw new AppError("fleet-unavailable", "the worker's cache has lost a head that it had just trained");
    const { head, facts } = found.result;
    files[modelFile(at)] = encodeModel(head.model);
    heads.push({ ...facts, cut: backbone.summary.cutPoints.indexOf(place.cut), kind: place.choice.kind.id });
  }
  return { value: { heads }, files };
}
