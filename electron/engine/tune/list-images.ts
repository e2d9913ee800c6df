import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import { jsonText } from "../base/write-outputs.ts";
import type { OpenData } from "../dataset/open/open-data.ts";

/** The list that files.py reads. */
const listFile = "files.json";

/** Why images can't be decoded elsewhere as they are here; nothing if they can. */
export function undecodable(
  { source }: Pick<OpenData, "source">,
  { resize, antialias, interpolation }: Preprocess,
  input: BackboneInput,
): string | undefined {
  if (source.imageRoot === undefined || input.type !== "uint8")
    return "they have no files of their own that could be decoded again and again";
  // Pillow always averages.
  const isSmoothed = resize !== undefined && interpolation !== "nearest";
  return isSmoothed && !antialias ? "Pillow can't shrink them as this preprocessing does" : undefined;
}

/**
 * Lists the train split's images, to be decoded from their own files as they are asked for, and how; where there is no room
 * for `writeImages`.
 * @param first indices within their part of the first images that can be read
 * @returns how many there are
 */
export async function listImages(
  { source, splits }: Pick<OpenData, "source" | "splits">,
  preprocess: Preprocess,
  { height, width, channels }: BackboneInput,
  first: ArrayLike<number>,
  folder: string,
): Promise<number> {
  const { part, indices, labels } = splits.train;
  const last = indices.indexOf(first[first.length - 1]);
  const readable = new Set(Array.from(first));
  const kept = [...indices.keys()].filter((at) => at > last || readable.has(indices[at]));
  const { resize = null, interpolation, exifOrientation, channels: colours } = preprocess;
  const list = {
    root: resolve(source.imageRoot!),
    ...{ height, width, channels, resize, interpolation, exifOrientation },
    isGrey: colours === "grey" || channels === 1,
    isBgr: colours === "bgr",
    files: kept.map((at) => source.locate(part, indices[at])),
    labels: kept.map((at) => labels[at]),
  };
  await rm(folder, { recursive: true, force: true });
  await writeFileAtomically(join(folder, listFile), jsonText(list));
  return kept.length;
}
