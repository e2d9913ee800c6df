import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { batchDimension, multiExitModel } from "../heads/multi-exit-model.ts";
import { cutPointByTensor } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { ownDims } from "../onnx/compose.ts";
import { value } from "../onnx/graph-builder.ts";
import type { ExportFormat } from "./export-format.ts";

/** The backbone with every head as an extra output; Offramp opens it again as a backbone with ready exits. */
export const trainingGraph: ExportFormat = {
  id: "training-graph",
  title: "Training graph",
  purpose: "For fine-tuning the backbone and its heads together in another framework.",
  target: "training.onnx",
  isDeployable: false,
  write: (design, folder) => {
    const { summary } = design.backbone;
    const exits = design.heads.map((head) => ({
      head,
      output: `exit_${cutPointByTensor(summary, head.cutPoint).index}_${head.kind}`,
    }));
    const { name, type } = summary.output;
    const own = value(name, type, ownDims(summary.output, batchDimension(design.backbone)));
    const rest = { fragment: { nodes: [], initializers: [] }, reads: [name], outputs: [own] };
    const proto = multiExitModel(design.backbone, exits, rest, "answer");
    return writeFile(join(folder, trainingGraph.target), encodeModel(proto));
  },
};
