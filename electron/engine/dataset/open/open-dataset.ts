import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { type Job, silentJob } from "../../../../shared/base/job.ts";
import { namesIn, pathKind } from "../../base/paths.ts";
import type { DatasetFormat, DatasetSource } from "../dataset-source.ts";
import { datasetFormats } from "../formats/index.ts";

/** Folders that may lie around a data set, such as FashionMNIST/raw. */
const DEEPEST = 2;

/**
 * Opens a labelled data set, in whichever format it is; a folder that only wraps another is looked into.
 * @throws AppError 'file-not-found', 'file-unreadable', 'data-invalid' (no known format, or broken), 'cancelled'
 */
export async function openDataset(path: string, job: Job = silentJob): Promise<DatasetSource> {
  if ((await pathKind(path)) === undefined) {
    const what = `${path}: no such file or folder, expected a data set's file or folder`;
    throw new AppError("file-not-found", what, { path });
  }
  const found = await findFormat(path, DEEPEST, job);
  if (found === undefined) throw await noDataset(path);
  return found.format.open(found.path, job);
}

/** Files of other kinds that are given for a data set. */
const otherKinds = [
  {
    kinds: new Set(".zip .tar .gz .tgz .bz2 .tbz2 .xz .txz .zst .7z .rar".split(" ")),
    what: "is an archive: unpack it and open the folder that comes out",
  },
  {
    kinds: new Set(".onnx .pt .pth .ckpt .safetensors .keras .tflite .pb .mlmodel .engine".split(" ")),
    what: "is a model, expected a data set",
  },
  { kinds: new Set([".offramp"]), what: "is a project of Offramp, expected a data set" },
];

async function noDataset(path: string): Promise<AppError> {
  const kind = extname(path).toLowerCase();
  const isFile = (await pathKind(path)) === "file";
  const known = isFile ? otherKinds.find(({ kinds }) => kinds.has(kind)) : undefined;
  if (known) return new AppError("data-invalid", `${path}: ${known.what}`, { path });
  const layouts = datasetFormats.map(({ layout }) => layout);
  const details = { path, missing: "layout", layouts };
  return new AppError("data-invalid", `${path}: no data set found, it ${await contents(path)}`, details);
}

async function findFormat(
  path: string,
  depth: number,
  job: Job,
): Promise<{ format: DatasetFormat; path: string } | undefined> {
  for (const format of datasetFormats) {
    if (await format.detect(path, job)) return { format, path };
  }
  const inside = depth > 0 ? await onlyFolder(path) : undefined;
  return inside === undefined ? undefined : findFormat(inside, depth - 1, job);
}

async function onlyFolder(path: string): Promise<string | undefined> {
  if ((await pathKind(path)) !== "folder") return undefined;
  const entries = await readdir(path, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  return folders.length === 1 ? join(path, folders[0].name) : undefined;
}

async function contents(path: string): Promise<string> {
  if ((await pathKind(path)) === "file") return "is a single file of another kind";
  const names = await namesIn(path);
  if (names.length === 0) return "is an empty folder";
  return `holds ${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;
}
