import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { assetPath, loadPreprocess, prepareFashionMnist } from "../../electron/engine/index.ts";
import { silentJob } from "../../shared/base/job.ts";
import type { Preprocess } from "../../shared/model/preprocess.ts";

/** Where a soak works: the sample, and folders of its own. */
export interface Places {
  readonly model: string;
  readonly data: string;
  readonly preprocess: Preprocess;
  readonly preprocessFile: string;
  readonly cache: string;
  /** A path below the soak's folder. */
  at(...parts: string[]): string;
}

export async function makePlaces(folder: string): Promise<Places> {
  const at = (...parts: string[]) => join(folder, ...parts);
  for (const name of ["cache", "tmp", "out"]) await mkdir(at(name));
  const sample = (name: string) => assetPath("samples", "fashion-mnist", name);
  return {
    model: sample("model.onnx"),
    data: await prepareFashionMnist(at("cache"), silentJob),
    preprocess: await loadPreprocess(sample("preprocess.json")),
    preprocessFile: sample("preprocess.json"),
    cache: at("cache"),
    at,
  };
}

/** The sample cut small: images of the splits. */
export const limits = { train: 300, calibration: 200, test: 200 };
