import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type BackboneSummary, scoreCount, type TensorInfo } from "../../../shared/model/backbone.ts";
import { partitionPoints } from "../../../shared/offload/partition-points.ts";
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
import type { ValueInfoProto } from "../onnx/gen/onnx_pb.ts";
import { type Fragment, graph, model, node, value } from "../onnx/graph-builder.ts";
import { indexGraph } from "../onnx/graph-index.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import type { Design } from "./design.ts";
import { type Decision, decisionFragment, exportedName } from "./early-exit-model.ts";
import type { ExportFormat } from "./export-format.ts";
import { type Stage, stagesOf } from "./stages.ts";

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
  version: z.literal(1),
  classes: z.number().int(),
  /** What `logits` holds where it is one score for two classes: class 1 if above 0, or above 0.5 of a probability. */
  score: z.enum(["logit", "probability"]).optional(),
  stages: z.array(
    z.object({
      file: z.string(),
      sha256: z.string(),
      input: tensorSchema,
      /** Null, like `confidence`, `policy` and `temperature`, where no sample leaves: the server takes over there. */
      logits: z.string().nullable(),
      confidence: z.string().nullable(),
      /** Output that is the next stage's input; null for the last stage. */
      next: z.string().nullable(),
      /** A sample leaves here if its confidence is at least this; null for the last stage, and where no sample leaves. */
      threshold: z.number().nullable(),
      policy: z.string().nullable(),
      temperature: z.number().nullable(),
      /** Where it ends; null at the backbone's end. */
      cutPoint: z.string().nullable(),
      head: z.string().nullable(),
      /** Which of two targets runs it; absent, like `crossing`, if the plan isn't partitioned. */
      target: z.enum(["device", "server"]).optional(),
    }),
  ),
  /** What crosses from device to server: the input of the server's first stage, with its size per sample. */
  crossing: tensorSchema.extend({ bytes: z.number().int() }).optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** One model a stage, a manifest, and two short programs that run them. */
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
    const stages: Manifest["stages"] = [];
    for (const [k, stage] of stagesOf(design).entries()) {
      const bytes = encodeModel(stageModel(design, stage, k));
      const file = `stage-${k}.onnx`;
      await writeFile(join(target, file), bytes);
      stages.push({ file, sha256: hashBytes(bytes), ...describeStage(design, stage) });
    }
    const { summary } = design.backbone;
    const manifest: Manifest = {
      format: "offramp-staged",
      version: 1,
      classes: summary.output.classes,
      score: singleScore(summary),
      stages,
      crossing: describeCrossing(design, stages),
    };
    await writeFile(join(target, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const runner of ["run.py", "run.mjs"])
      await copyFile(assetPath("runners", runner), join(target, runner));
  },
};

type StageEntry = Manifest["stages"][number];

function singleScore({ output }: BackboneSummary): Manifest["score"] {
  if (scoreCount(output) > 1) return undefined;
  return output.kind === "logits" ? "logit" : "probability";
}

function describeStage(design: Design, stage: Stage): Omit<StageEntry, "file" | "sha256"> {
  const { to, exit, target } = stage;
  const own = decisionOf(design, stage);
  const batch = batchDimension(design.backbone) === 1 ? 1 : null;
  const { name, type, shape } = stageInput(design, stage);
  return {
    input: { name, type, shape: [batch, ...shape.slice(1)] },
    logits: own ? "logits" : null,
    confidence: own ? "confidence" : null,
    next: to ? exportedName(to.boundary) : null,
    threshold: exit?.threshold ?? null,
    policy: own?.policy.id ?? null,
    temperature: own?.temperature ?? null,
    cutPoint: to?.tensor ?? null,
    head: exit?.head.kind ?? null,
    target,
  };
}

/** How samples leave at a stage's end, if they can. */
function decisionOf({ final }: Design, { to, exit }: Stage): Decision | undefined {
  return to ? exit : final;
}

function describeCrossing({ backbone, plan }: Design, stages: readonly StageEntry[]): Manifest["crossing"] {
  const first = stages.find(({ target }) => target === "server");
  const place = partitionPoints(backbone.summary).find(({ tensor }) => tensor === plan.cut);
  return first && place && { ...first.input, bytes: place.bytes };
}

/** The tensor that a stage starts from, with its shape at batch 1. */
function stageInput({ backbone: { summary } }: Design, { from }: Stage): TensorInfo {
  if (from) {
    const boundary = tensorInfo(summary, from.boundary);
    return { ...boundary, name: exportedName(boundary.name) };
  }
  const { name, type } = summary.input;
  return { name: exportedName(name), type, shape: imageDims(summary, 1) as number[] };
}

function stageModel(design: Design, stage: Stage, k: number): GraphModel {
  const { summary, proto } = design.backbone;
  const { from, to, exit } = stage;
  const batch = batchDimension(design.backbone);
  const input = stageInput(design, stage);
  const answer = answerFragment(design, stage, `offramp/${k}`);
  const outputs: ValueInfoProto[] = answer
    ? [answerValue(summary, "logits", batch), value("confidence", "float32", [batch])]
    : [];
  if (to) {
    const next = tensorInfo(summary, to.boundary);
    outputs.push(value(exportedName(next.name), next.type, [batch, ...next.shape.slice(1)]));
  }
  const reads = to ? [to.boundary, ...(exit ? [to.tensor] : [])] : [logitsSource(summary)];
  const part = renameFragment(backbonePart(indexGraph(proto.graph), summary, from, reads), exportedName);
  const image = value(input.name, input.type, [batch, ...input.shape.slice(1)]);
  const fragment = answer ? joinFragments([part, answer]) : part;
  return model(graph(`stage ${k}`, fragment, [image], outputs), proto);
}

/** Logits and confidence at a stage's end, if samples can leave there. */
function answerFragment(design: Design, stage: Stage, prefix: string): Fragment | undefined {
  const { summary, proto } = design.backbone;
  const own = decisionOf(design, stage);
  if (!own) return undefined;
  const { exit } = stage;
  const logits = exit
    ? embedModel(exit.head.model, exportedName(exit.cut.tensor), `${prefix}/logits`, `${prefix}/head/`)
    : logitsNodes(summary, exportedName(logitsSource(summary)), `${prefix}/logits`);
  const decision = decisionFragment(prefix, own, summary.output.classes, defaultOpset(proto));
  const batch = batchDimension(design.backbone);
  const answer = answerNodes(summary, batch, `${prefix}/logits`, "logits", `${prefix}/answer/`);
  const confidence = node("Identity", [`${prefix}/confidence`], ["confidence"]);
  return joinFragments([logits, decision, answer, { nodes: [confidence], initializers: [] }]);
}
