import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { assetPath } from "../assets.ts";
import { hashBytes } from "../cache.ts";
import { defaultOpset, imageDims, tensorInfo } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import {
  attachHead,
  backbonePart,
  joinFragments,
  logitsNodes,
  logitsSource,
  renameFragment,
} from "../onnx/compose.ts";
import type { ModelProto, ValueInfoProto } from "../onnx/gen/onnx_pb.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import { indexGraph } from "../onnx/graph-index.ts";
import type { Design } from "./design.ts";
import { decisionFragment, exportedName } from "./early-exit-model.ts";
import type { ExportFormat } from "./export-format.ts";
import { batchDimension } from "./multi-exit-model.ts";

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
  stages: z.array(
    z.object({
      file: z.string(),
      sha256: z.string(),
      input: tensorSchema,
      logits: z.string(),
      confidence: z.string(),
      /** Output that is the next stage's input; null for the last stage. */
      next: z.string().nullable(),
      /** A sample leaves here if its confidence is at least this; null for the last stage. */
      threshold: z.number().nullable(),
      policy: z.string(),
      temperature: z.number(),
      cutPoint: z.string().nullable(),
      head: z.string().nullable(),
    }),
  ),
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
    for (let stage = 0; stage <= design.exits.length; stage++) {
      const bytes = encodeModel(stageModel(design, stage));
      const file = `stage-${stage}.onnx`;
      await writeFile(join(target, file), bytes);
      stages.push({ file, sha256: hashBytes(bytes), ...describeStage(design, stage) });
    }
    const { classes } = design.backbone.summary.output;
    const manifest: Manifest = { format: "offramp-staged", version: 1, classes, stages };
    await writeFile(join(target, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const runner of ["run.py", "run.mjs"])
      await copyFile(assetPath("runners", runner), join(target, runner));
  },
};

function describeStage(design: Design, stage: number): Omit<Manifest["stages"][number], "file" | "sha256"> {
  const exit = design.exits.at(stage);
  const own = exit ?? design.final;
  const batch = batchDimension(design.backbone) === 1 ? 1 : null;
  const { name, type, shape } = stageInput(design, stage);
  return {
    input: { name, type, shape: [batch, ...shape.slice(1)] },
    logits: "logits",
    confidence: "confidence",
    next: exit ? exportedName(exit.cut.boundary) : null,
    threshold: exit?.threshold ?? null,
    policy: own.policy.id,
    temperature: own.temperature,
    cutPoint: exit?.cut.tensor ?? null,
    head: exit?.head.kind ?? null,
  };
}

/** The tensor that a stage starts from, with its shape at batch 1. */
function stageInput(
  { backbone, exits }: Design,
  stage: number,
): { name: string; type: string; shape: readonly number[] } {
  const { summary } = backbone;
  if (stage > 0) {
    const boundary = tensorInfo(summary, exits[stage - 1].cut.boundary);
    return { ...boundary, name: exportedName(boundary.name) };
  }
  const { name, type } = summary.input;
  return { name: exportedName(name), type, shape: imageDims(summary, 1) as number[] };
}

function stageModel(design: Design, stage: number): ModelProto {
  const { backbone, exits, final } = design;
  const { summary, proto } = backbone;
  const batch = batchDimension(backbone);
  const opset = defaultOpset(proto);
  const index = indexGraph(proto.graph!);
  const from = stage > 0 ? exits[stage - 1].cut : undefined;
  const input = stageInput(design, stage);
  const exit = exits.at(stage);
  const prefix = `offramp/${stage}`;
  const outputs: ValueInfoProto[] = [
    value("logits", "float32", [batch, summary.output.classes]),
    value("confidence", "float32", [batch]),
  ];
  if (exit) {
    const next = tensorInfo(summary, exit.cut.boundary);
    outputs.push(value(exportedName(next.name), next.type, [batch, ...next.shape.slice(1)]));
  }
  const part = renameFragment(
    backbonePart(index, summary, from, exit ? [exit.cut.boundary, exit.cut.tensor] : [logitsSource(summary)]),
    exportedName,
  );
  const logits = exit
    ? attachHead(exit.head, exportedName(exit.cut.tensor), `${prefix}/logits`, `${prefix}/head/`)
    : logitsNodes(summary, exportedName(logitsSource(summary)), `${prefix}/logits`);
  const named = {
    nodes: [
      node("Identity", [`${prefix}/logits`], ["logits"]),
      node("Identity", [`${prefix}/confidence`], ["confidence"]),
    ],
    initializers: [],
  };
  const decision = decisionFragment(prefix, exit ?? final, summary.output.classes, opset);
  const fragment = joinFragments([part, logits, decision, named]);
  const image = value(input.name, input.type, [batch, ...input.shape.slice(1)]);
  return model(graph(`stage ${stage}`, fragment, [image], outputs), proto);
}
