import type { Backbone } from "../onnx/backbone.ts";
import { type ImportOptions, importModel } from "../onnx/import/import-model.ts";
import type { StageRunner } from "./stage-context.ts";

/** The first stage of everything. */
export function importBackbone(
  { modelPath, importOptions }: { readonly modelPath: string; readonly importOptions: ImportOptions },
  stages: StageRunner,
): Promise<Backbone> {
  return stages.run("import", ({ job }) => importModel(modelPath, importOptions, job));
}
