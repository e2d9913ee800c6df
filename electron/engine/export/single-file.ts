import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeModel } from "../onnx/codec.ts";
import { planMetadataKey } from "../onnx/import/reading/read-model.ts";
import { describeImages, describeNetworks } from "./describe-networks.ts";
import type { Design } from "./design.ts";
import { chainModel } from "./early-exit-model.ts";
import type { ExportFormat } from "./export-format.ts";

/** The plan as one ONNX file of nested `If` operators; its description is in `metadata_props`. */
export const singleFile: ExportFormat = {
  id: "single-file",
  title: "One ONNX file",
  purpose: "Runs in any stock ONNX Runtime at batch 1, without code of ours.",
  target: "model.onnx",
  isDeployable: true,
  write: (design, folder) => {
    const proto = chainModel({ ...design, answer: design.backbone.summary }, metadataOf(design));
    return writeFile(join(folder, singleFile.target), encodeModel(proto));
  },
};

/** The plan, and where it goes through other networks than the backbone, which, and what images they are given. */
function metadataOf(design: Design): Record<string, string> {
  const own = { [planMetadataKey]: JSON.stringify(design.plan) };
  if (!design.plan.chain) return own;
  return {
    ...own,
    "offramp.networks": JSON.stringify(describeNetworks(design)),
    "offramp.images": JSON.stringify(describeImages(design, 1)),
  };
}
