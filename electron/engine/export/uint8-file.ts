import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeModel } from "../onnx/codec.ts";
import type { ExportFormat } from "./export-format.ts";
import { singleModel } from "./single-file.ts";

/** The single file for pictures as they are decoded, resized and cropped: the rest of the preprocessing is in the graph. */
export const uint8File: ExportFormat = {
  id: "uint8-file",
  title: "One ONNX file for uint8 images",
  purpose:
    "For decoded pictures as they are: bytes, red first; scale, mean, deviation and layout are in the graph.",
  target: "model-uint8.onnx",
  given: "bytes",
  isOptional: true,
  isDeployable: true,
  write: (design, folder) => writeFile(join(folder, uint8File.target), encodeModel(singleModel(design))),
};
