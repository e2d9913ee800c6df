import { AppError } from "../../../shared/base/errors.ts";
import type { ExportFormat } from "./export-format.ts";
import { singleFile } from "./single-file.ts";
import { staged } from "./staged.ts";
import { trainingGraph } from "./training-graph.ts";

/** Every form in which a plan can be exported. */
export const exportFormats: readonly ExportFormat[] = [singleFile, staged, trainingGraph];

/** @throws AppError 'usage' if there is no such format */
export function exportFormatById(id: string): ExportFormat {
  const format = exportFormats.find((candidate) => candidate.id === id);
  if (!format)
    throw new AppError(
      "usage",
      `no export format '${id}'; choose from ${exportFormats.map((known) => known.id).join(", ")}`,
    );
  return format;
}
