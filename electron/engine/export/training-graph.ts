import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { batchDimension, multiExitModel } from "../heads/multi-exit-model.ts";
import { cutPointByTensor } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { ownDims } from "../onnx/compose.ts";
import { value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { uniqueNames } from "../onnx/unique-names.ts";
import type { ExportFormat } from "./export-format.ts";
import type { PlannedNetwork } from "./stages.ts";

/** The folder of a plan's further networks, a file each. */
const membersFolder = "training-members";

/** The backbone with every head as an extra output; Offramp opens it again as a backbone with ready exits. */
export const trainingGraph: ExportFormat = {
  id: "training-graph",
  title: "Training graph",
  purpose: "For fine-tuning the backbone and its heads together in another framework.",
  target: "training.onnx",
  furtherTargets: [membersFolder],
  isDeployable: false,
  write: async ({ networks, images }, folder) => {
    const isFirst = ({ backbone }: PlannedNetwork) => backbone === images[0].backbone;
    const [first] = networks.filter(isFirst);
    await writeFile(join(folder, trainingGraph.target), encodeModel(withHeads(first)));
    const further = networks.filter((network) => !isFirst(network));
    if (further.length === 0) return;
    await mkdir(join(folder, membersFolder));
    const names = uniqueNames();
    for (const network of further) {
      const name = names.take(fileName(network.backbone.summary.name));
      await writeFile(join(folder, membersFolder, `${name}.onnx`), encodeModel(withHeads(network)));
    }
  },
};

/** A network is named after its file, which another system may have written. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]/gu, "_").replace(/^\.+/, "_") || "network";
}

function withHeads({ backbone, heads }: PlannedNetwork): GraphModel {
  const { summary } = backbone;
  const exits = heads.map((head) => ({
    head,
    output: `exit_${cutPointByTensor(summary, head.cutPoint).index}_${head.kind}`,
  }));
  const { name, type } = summary.output;
  const own = value(name, type, ownDims(summary.output, batchDimension(backbone)));
  const rest = { fragment: { nodes: [], initializers: [] }, reads: [name], outputs: [own] };
  return multiExitModel(backbone, exits, rest, "answer");
}
