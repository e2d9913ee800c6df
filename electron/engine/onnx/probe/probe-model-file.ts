import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeScratchFolder, noScratch } from "../../../disk/scratch-folder.ts";

/** A model on disk for its first run, in a folder of its own and readable by nobody else. */
export interface KeptModel {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * @param parts of the model's bytes, one after the other
 * @throws AppError 'output-unwritable'
 */
export async function keepModel(parts: readonly Uint8Array[]): Promise<KeptModel> {
  const folder = await makeScratchFolder("probe");
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, "model.onnx");
    await writeFile(path, parts, { mode: 0o600 });
    return { path, remove };
  } catch (cause) {
    await remove();
    throw noScratch(cause);
  }
}
