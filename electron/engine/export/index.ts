import { byId } from "../../../shared/base/by-id.ts";
import type { ExportFormat } from "./export-format.ts";
import { singleFile } from "./single-file.ts";
import { staged } from "./staged.ts";
import { trainingGraph } from "./training-graph.ts";
import { uint8File } from "./uint8-file.ts";

/** Every form in which a plan can be exported. */
export const exportFormats: readonly ExportFormat[] = [singleFile, uint8File, staged, trainingGraph];

/** @throws AppError 'usage' if there is no such format */
export function exportFormatById(id: string): ExportFormat {
  return byId(exportFormats, id, "export format");
}
