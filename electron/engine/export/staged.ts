import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { planFile } from "../../../shared/files/plan-file.ts";
import type { TensorInfo } from "../../../shared/model/backbone.ts";
import { ensemblePolicy, outputHead, planSchema } from "../../../shared/model/plan.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { crossingImage, partitionPoints } from "../../../shared/offload/partition-points.ts";
import { assetPath } from "../base/assets.ts";
import { hashBytes } from "../base/hash.ts";
import { batchDimension } from "../heads/multi-exit-model.ts";
import { defaultOpset, imageDims, tensorInfo } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import {
  answerNodes,
  answerValue,
  backbonePart,
  embedModel,
  joinFragments,
  logitsNodes,
  logitsSource,
  renameFragment,
} from "../onnx/compose.ts";
import { type Fragment, graph, model, node, value } from "../onnx/graph-builder.ts";
import { indexGraph } from "../onnx/graph-index.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { type Decision, exportedName } from "./decision.ts";
import { batchDims, describeImages, singleScore } from "./describe-networks.ts";
import type { Design, PlannedExit } from "./design.ts";
import { decidingFragment, logProbabilitiesName, type Together } from "./ensemble.ts";
import type { ExportFormat } from "./export-format.ts";
import { entryFragment } from "./network-entry.ts";
import { operatingPointSchema, pointPredictionSchema } from "./operating-points.ts";
import { type Stage as PlannedStage, partitionedStages } from "./stages.ts";

const tensorSchema = z.object({
  name: z.string(),
  type: z.string(),
  /** `null` where the batch goes, if it may vary. */
  shape: z.array(z.number().int().nullable()),
});

export const manifestFile = "manifest.json";

/** The format of `staged/manifest.json`. */
export const manifestSchema = z.object({
  format: z.literal("offramp-staged"),
  /** 1 was written, without `images`, for plans of the backbone alone; 3 where stages have `carries`, which older runners would pass over. */
  version: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  classes: z.number().int(),
  /** In the order of the scores, where the data set names them. */
  classNames: z.array(z.string()).optional(),
  /** What `logits` holds where it is one score for two classes: class 1 if above 0, or above 0.5 of a probability. */
  score: z.enum(["logit", "probability"]).optional(),
  /** What was exported, for those who compare counts with a project; absent in older manifests. */
  plan: planSchema.optional(),
  /** The plan's networks, see `planSchema`; absent for the backbone alone. */
  chain: z.array(z.string()).min(1).optional(),
  /** What the stages that start from an image are given, and how it is made; absent in version 1: the first stage's input. */
  images: z
    .array(
      tensorSchema.extend({
        network: z.string(),
        /** As it holds for this input, see `statedPreprocess`. */
        preprocess: preprocessSchema.nullable(),
        layout: z.enum(["NCHW", "NHWC"]).optional(),
        /** Height, width and channels of what the preprocessing makes. */
        frame: z.tuple([z.number().int(), z.number().int(), z.number().int()]).optional(),
        /** Whole numbers are values / scale + zeroPoint, rounded. */
        quantisation: z.object({ scale: z.number(), zeroPoint: z.number() }).optional(),
      }),
    )
    .min(1)
    .optional(),
  stages: z.array(
    z.object({
      file: z.string(),
      sha256: z.string(),
      /** Which of `images` it starts from; absent: from what the stage before hands on, the first from the only image. */
      image: z.number().int().nonnegative().optional(),
      input: tensorSchema,
      /** Null, like `confidence`, `policy` and `temperature`, where no sample leaves: the server takes over there. */
      logits: z.string().nullable(),
      confidence: z.string().nullable(),
      /** Output that is the next stage's input; null for the last stage, and where the next one starts from an image. */
      next: z.string().nullable(),
      /**
       * Where exits answer as ensembles, what those before a stage said, float32 [N, exits, classes]: the further input that it takes,
       * null at the first stage, and the output that is the next one's, null at the last.
       */
      carries: z.object({ input: z.string().nullable(), output: z.string().nullable() }).optional(),
      /** A sample leaves here if its confidence is at least this; null for the last stage, and where no sample leaves. */
      threshold: z.number().nullable(),
      policy: z.string().nullable(),
      temperature: z.number().nullable(),
      /** Where it ends: the output's name at the end of a network that isn't the last, null at the end of the last. */
      cutPoint: z.string().nullable(),
      head: z.string().nullable(),
      /** SHA-256 of the network that it is of; absent: the backbone's. */
      member: z.string().optional(),
      /** Which of two targets runs it; absent, like `crossing`, if the plan isn't partitioned. */
      target: z.enum(["device", "server"]).optional(),
    }),
  ),
  /** Thresholds of the stages that samples leave at, beside those that stand there; absent if there are no others. */
  points: z.array(operatingPointSchema).optional(),
  /** Of the thresholds that stand there, as of `points`; absent if there are none. */
  predicted: pointPredictionSchema.optional(),
  /**
   * What crosses from device to server for one sample: the input of the server's first stage, and the images of the networks
   * that begin there.
   */
  crossing: tensorSchema
    .partial()
    .extend({
      /** Of all of it. */
      bytes: z.number().int(),
      /** Framed and not yet scaled, [height, width, channels]. */
      images: z
        .array(
          z.object({
            /** Which of `images` the server makes of it, as their preprocessing says. */
            of: z.array(z.number().int().nonnegative()).min(1),
            type: z.literal("uint8"),
            shape: z.array(z.number().int()),
            bytes: z.number().int(),
          }),
        )
        .optional(),
    })
    .optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** What runs the stages in Python and JavaScript, with what it imports, and in C++. */
const runnerFiles = [
  ...["run", "batch", "images", "counts", "control"].flatMap((name) => [`${name}.py`, `${name}.mjs`]),
  ...["CMakeLists.txt", "run.cpp"].map((name) => `cpp/${name}`),
  ...["offramp", "json", "counts", "sha256", "control"].map((name) => `cpp/${name}.hpp`),
];

/** One model a stage, a manifest, and short programs that run them. */
export const staged: ExportFormat = {
  id: "staged",
  title: "Staged models",
  purpose:
    "For batches, for pipelines over several devices, and for runtimes that run both branches of an If.",
  target: "staged",
  isDeployable: true,
  write: async (design, folder) => {
    const target = join(folder, staged.target);
    await mkdir(target);
    const planned = stagesIn(design);
    const stages: Manifest["stages"] = [];
    for (const [k, stage] of planned.entries()) {
      const handsOn = planned[k + 1]?.from !== undefined;
      const bytes = encodeModel(stageModel(design, stage, k, handsOn));
      const file = `stage-${k}.onnx`;
      await writeFile(join(target, file), bytes);
      const told = { ...describeStage(design, stage, handsOn), carries: carriedBy(design, k) };
      stages.push({ file, sha256: hashBytes(bytes), ...told });
    }
    const { summary } = design.backbone;
    const { plan, points, predicted } = design;
    const manifest: Manifest = {
      format: "offramp-staged",
      version: design.plan.ensemble ? 3 : 2,
      classes: summary.output.classes,
      classNames: design.classNames && [...design.classNames],
      score: singleScore(summary),
      plan: planFile(plan.backboneSha256, { ...plan, crossFit: undefined }),
      ...describeChain(design),
      stages,
      points: points && [...points],
      predicted,
      crossing: describeCrossing(design, planned),
    };
    await writeFile(join(target, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    await mkdir(join(target, "cpp"));
    for (const file of runnerFiles) await copyFile(assetPath("runners", file), join(target, file));
  },
};

type Stage = PlannedStage<PlannedExit>;

type StageEntry = Manifest["stages"][number];

function stagesIn({ networks }: Design): Stage[] {
  return partitionedStages(networks);
}

/** Open if every network's is: samples that leave none take their place among fewer. */
function batchOf({ networks }: Design): number | string {
  return networks.every(({ backbone }) => batchDimension(backbone) !== 1) ? "batch" : 1;
}

function describeChain(design: Design): Pick<Manifest, "chain" | "images"> {
  const batch = batchOf(design) === 1 ? 1 : null;
  const { chain } = design.plan;
  return { ...(chain && { chain: [...chain] }), images: describeImages(design, batch) };
}

function describeStage(design: Design, stage: Stage, handsOn: boolean): Omit<StageEntry, "file" | "sha256"> {
  const { network, from, to, exit, target } = stage;
  const { summary } = network.backbone;
  const own = decisionOf(stage);
  const isEnd = to === undefined && network.end?.threshold !== undefined;
  const { name, type, shape } = stageInput(design, stage);
  return {
    image: from ? undefined : network.image,
    input: { name, type, shape: batchDims(shape, batchOf(design) === 1 ? 1 : null) },
    logits: own ? "logits" : null,
    confidence: own ? "confidence" : null,
    next: to && handsOn ? exportedName(to.boundary) : null,
    threshold: exit?.threshold ?? (isEnd ? network.end!.threshold! : null),
    policy: own ? (design.plan.ensemble ? ensemblePolicy : own.policy.id) : null,
    temperature: own?.temperature ?? null,
    cutPoint: to?.tensor ?? (isEnd ? summary.output.name : null),
    head: exit?.head.kind ?? (isEnd ? outputHead : null),
    member: summary.sha256 === design.backbone.summary.sha256 ? undefined : summary.sha256,
    target,
  };
}

/** Stages of a plan with an ensemble all decide, since it isn't partitioned. */
function carriedBy({ plan }: Design, k: number): StageEntry["carries"] {
  if (!plan.ensemble) return undefined;
  return {
    input: k > 0 ? logProbabilitiesName(k - 1) : null,
    output: k < plan.exits.length ? logProbabilitiesName(k) : null,
  };
}

/** How samples leave at a stage's end, if they can. */
function decisionOf({ network, to, exit }: Stage): Decision | undefined {
  return to ? exit : network.end;
}

function describeCrossing(design: Design, planned: readonly Stage[]): Manifest["crossing"] {
  const onServer = planned.filter(({ target }) => target === "server");
  const [first] = onServer;
  if (!first) return undefined;
  const { from, network } = first;
  const { summary } = network.backbone;
  const { input } = describeStage(design, first, false);
  const place = from && partitionPoints(summary).find(({ tensor }) => tensor === from.tensor);
  if (design.imageForm === "tensor")
    return { ...input, bytes: place?.bytes ?? crossingImage({ backbone: summary }, "tensor").bytes };
  const images = crossingImages(design, onServer);
  const bytes = images.reduce((sum, image) => sum + image.bytes, place?.bytes ?? 0);
  return { ...(place && input), bytes, ...(images.length > 0 && { images }) };
}

/** An image a frame, with the most colours that anybody reads there. */
function crossingImages({ images }: Design, onServer: readonly Stage[]) {
  const read = new Set(onServer.filter(({ from }) => !from).map(({ network }) => network.image));
  const frames = new Map<
    string,
    { readonly of: number[]; readonly shape: number[]; readonly bytes: number }
  >();
  for (const image of read) {
    const { backbone, preprocess } = images[image];
    const { height, width, channels } = backbone.summary.input;
    const { frame, bytes } = crossingImage({ backbone: backbone.summary, preprocess }, "bytes");
    const known = frames.get(frame) ?? { of: [], shape: [], bytes: 0 };
    const largest = bytes > known.bytes ? { shape: [height, width, channels], bytes } : known;
    frames.set(frame, { ...largest, of: [...known.of, image] });
  }
  return [...frames.values()].map(({ of, shape, bytes }) => ({ of, type: "uint8" as const, shape, bytes }));
}

/** What a stage's image is called where operators make the network's own of it. */
const givenImage = "offramp/image";

/** The tensor that a stage starts from, with its shape at batch 1. */
function stageInput({ images }: Design, { network, from }: Stage): TensorInfo {
  const { summary } = network.backbone;
  if (from) {
    const boundary = tensorInfo(summary, from.boundary);
    return { ...boundary, name: exportedName(boundary.name) };
  }
  const isOwn = network.entry.kind === "same";
  const read = isOwn ? summary : images[network.image];
  const name = isOwn ? exportedName(summary.input.name) : givenImage;
  return { name, type: read.input.type, shape: imageDims(read, 1) as number[] };
}

/** @param handsOn whether the next stage goes on from where this one ends */
function stageModel(design: Design, stage: Stage, k: number, handsOn: boolean): GraphModel {
  const { network, from, to } = stage;
  const { summary, proto } = network.backbone;
  const batch = batchOf(design);
  const input = stageInput(design, stage);
  const answer = answerFragment(design, stage, k);
  const next = to && handsOn ? tensorInfo(summary, to.boundary) : undefined;
  const carried = carriedBy(design, k);
  const carriedValue = (name: string, exits: number) =>
    value(name, "float32", [batch, exits, summary.output.classes]);
  const inputs = [
    value(input.name, input.type, batchDims(input.shape, batch)),
    ...(carried?.input ? [carriedValue(carried.input, k)] : []),
  ];
  const outputs = [
    ...(answer
      ? [answerValue(design.backbone.summary, "logits", batch), value("confidence", "float32", [batch])]
      : []),
    ...(next ? [value(exportedName(next.name), next.type, batchDims(next.shape, batch))] : []),
    ...(carried?.output ? [carriedValue(carried.output, k + 1)] : []),
  ];
  const reads = to ? [to.boundary, ...(stage.exit ? [to.tensor] : [])] : [logitsSource(summary)];
  const part = renameFragment(backbonePart(indexGraph(proto.graph), summary, from, reads), exportedName);
  const fragments = [imageFragment(design, stage), part, ...(answer ? [answer] : [])];
  return model(graph(`stage ${k}`, joinFragments(fragments), inputs, outputs), proto);
}

/** From the image that a stage is given to its network's own. */
function imageFragment(design: Design, { network, from }: Stage): Fragment {
  const { entry, backbone } = network;
  if (from || entry.kind === "same") return { nodes: [], initializers: [] };
  const own = exportedName(backbone.summary.input.name);
  return entryFragment(entry.operators, givenImage, own, "offramp/entry/", batchOf(design));
}

/** Logits and confidence at a stage's end, if samples can leave there. */
function answerFragment(design: Design, stage: Stage, k: number): Fragment | undefined {
  const { summary, proto } = stage.network.backbone;
  const decision = decisionOf(stage);
  if (!decision) return undefined;
  const prefix = `offramp/${k}`;
  const { exit } = stage;
  const ownLogits = (logits: string) =>
    exit
      ? embedModel(exit.head.model, exportedName(exit.cut.tensor), logits, `${prefix}/head/`)
      : logitsNodes(summary, exportedName(logitsSource(summary)), logits);
  const form = { classes: summary.output.classes, opset: defaultOpset(proto) };
  const deciding = decidingFragment(k, ownLogits, decision, togetherAt(design, k), form);
  const answerForm = design.backbone.summary;
  const answer = answerNodes(answerForm, batchOf(design), `${prefix}/logits`, "logits", `${prefix}/answer/`);
  const confidence = node("Identity", [`${prefix}/confidence`], ["confidence"]);
  return joinFragments([deciding, answer, { nodes: [confidence], initializers: [] }]);
}

function togetherAt(design: Design, k: number): Together | undefined {
  const weights = design.plan.ensemble?.[k];
  return weights && { weights, before: carriedBy(design, k)?.input ?? undefined };
}
