import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";

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
  let folder: string | undefined;
  const remove = async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    folder = await mkdtemp(join(tmpdir(), "offramp-probe-"));
    const path = join(folder, "model.onnx");
    await writeFile(path, parts, { mode: 0o600 });
    return { path, remove };
  } catch (cause) {
    await remove();
    const reason = (cause as Error).message;
    throw new AppError(
      "output-unwritable",
      `can't keep the model in ${tmpdir()} for its first run: ${reason}`,
      {},
      { cause },
    );
  }
}
