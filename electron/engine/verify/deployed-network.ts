import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import { outputNames } from "../export/early-exit-model.ts";
import { type Manifest, manifestSchema } from "../export/staged.ts";
import { openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import type { TargetOptions } from "../profile/target.ts";

/** An exported network, opened from its files in stock ONNX Runtime. */
export interface DeployedNetwork {
  /** Runs one image, batch 1; `exit` counts from 0, the backbone's own output last. */
  run(image: RuntimeTensor): Promise<{ logits: RuntimeTensor; exit: number }>;
  release(): Promise<void>;
}

/**
 * Opens the single-file export (a file) or the staged one (its folder).
 * @throws AppError 'file-not-found', 'file-invalid' if it is no export of ours or a stage was changed
 */
export async function openDeployed(
  path: string,
  inputName: string,
  target: TargetOptions,
): Promise<DeployedNetwork> {
  const info = await stat(path).catch(() => undefined);
  if (!info)
    throw new AppError(
      "file-not-found",
      `${path}: no such file or folder; give an exported model.onnx or staged folder`,
    );
  return info.isDirectory() ? openStaged(path, target) : openSingleFile(path, inputName, target);
}

async function openSingleFile(
  path: string,
  inputName: string,
  target: TargetOptions,
): Promise<DeployedNetwork> {
  const session = await openSession(await readFile(path), target);
  const missing = Object.values(outputNames).filter((name) => !session.outputNames.includes(name));
  if (missing.length > 0) {
    await session.release();
    throw new AppError(
      "file-invalid",
      `${path} is no early-exit export: it has no output ${missing.join(", ")}`,
    );
  }
  return {
    run: async (image) => {
      const { logits, exit } = await session.run({ [inputName]: image });
      return { logits, exit: Number(exit.data[0]) };
    },
    release: () => session.release(),
  };
}

async function openStaged(folder: string, target: TargetOptions): Promise<DeployedNetwork> {
  const { stages } = await readManifest(folder);
  const sessions = await Promise.all(
    stages.map(async ({ file, sha256 }) => {
      const bytes = await readFile(join(folder, file));
      if (createHash("sha256").update(bytes).digest("hex") !== sha256)
        throw new AppError(
          "file-invalid",
          `${join(folder, file)} is not what the manifest describes; export again`,
        );
      return openSession(bytes, target);
    }),
  );
  return {
    run: async (image) => {
      let value = image;
      for (const [exit, stage] of stages.entries()) {
        const results = await sessions[exit].run({ [stage.input.name]: value });
        const confidence = Number(results[stage.confidence].data[0]);
        const isLast = stage.threshold === null || stage.next === null;
        if (isLast || confidence >= Math.fround(stage.threshold!))
          return { logits: results[stage.logits], exit };
        value = results[stage.next!];
      }
      throw new AppError(
        "file-invalid",
        `${folder}: the last stage of the manifest has a threshold; export again`,
      );
    },
    release: async () => {
      for (const session of sessions) await session.release();
    },
  };
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, "manifest.json");
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new AppError(
      "file-invalid",
      `${path} is missing or no manifest of a staged network; export again`,
      {},
      { cause },
    );
  }
}
