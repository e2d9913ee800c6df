import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeModel } from "../onnx/codec.ts";
import { planMetadataKey } from "../onnx/import/reading/read-model.ts";
import { earlyExitModel } from "./early-exit-model.ts";
import type { ExportFormat } from "./export-format.ts";

/** The plan as one ONNX file of nested `If` operators; its description is in `metadata_props`. */
export const singleFile: ExportFormat = {
  id: "single-file",
  title: "One ONNX file",
  purpose: "Runs in any stock ONNX Runtime at batch 1, without code of ours.",
  target: "model.onnx",
  isDeployable: true,
  write: (design, folder) => {
    const metadata = { [planMetadataKey]: JSON.stringify(design.plan) };
    const proto = earlyExitModel(design.backbone, design.exits, design.final, metadata);
    return writeFile(join(folder, singleFile.target), encodeModel(proto));
  },
};
