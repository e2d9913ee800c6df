import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../../../../../shared/model/plan.ts";
import { readRegularFile } from "../../../../disk/regular-file.ts";
import { manifestFile } from "../../../export/staged.ts";
import type { JobFiles } from "../../../jobs/job-kind.ts";
import type { Side } from "../../../verify/deployed-network.ts";
import { maxManifestBytes, readExported, readManifest, readStage } from "../../../verify/exported-files.ts";

const folderName = "export";
const singleFile = `${folderName}/model.onnx`;

/**
 * The exported files: a staged folder's manifest and stages, or the one file.
 * @param side of a partitioned plan, whose stages alone are packed; all if absent
 * @throws AppError 'file-invalid' if they aren't there or aren't what the manifest says
 */
export async function packExport(path: string, plan: Plan, side?: Side): Promise<JobFiles> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isDirectory()) return { [singleFile]: await readExported(path) };
  const { stages } = await readManifest(path, plan);
  const files: Record<string, Uint8Array> = {
    [`${folderName}/${manifestFile}`]: await readRegularFile(join(path, manifestFile), {
      within: path,
      maxBytes: maxManifestBytes,
    }),
  };
  for (const stage of stages.filter(({ target }) => side === undefined || target === side))
    files[`${folderName}/${stage.file}`] = await readStage(path, stage);
  return files;
}

/** Where they lie in a job's folder. */
export async function packedExportPath(folder: string): Promise<string> {
  const isStaged = await stat(join(folder, folderName, manifestFile)).then(
    () => true,
    () => false,
  );
  return join(folder, isStaged ? folderName : singleFile);
}
