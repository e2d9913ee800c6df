import { AppError } from "../../../shared/base/errors.ts";
import type { DatasetPart, DatasetSource, PartName } from "./dataset-source.ts";
import { listingFingerprint } from "./fingerprint.ts";
import { openImageFile } from "./images/decode-image.ts";
import { decodeSome } from "./images/decode-some.ts";

/** A part whose images are files of their own. */
export interface FilesPart extends DatasetPart {
  /** Relative to the data set's root, `/` between folders. */
  readonly files: readonly string[];
}

export interface ImageFiles {
  /** What it was opened by: the folder, or a table in it. */
  readonly path: string;
  /** The folder that paths start from. */
  readonly root: string;
  readonly format: string;
  readonly classNames: readonly string[];
  readonly classesSortedBy?: DatasetSource["classesSortedBy"];
  readonly parts: Readonly<Partial<Record<PartName, FilesPart>>>;
  readonly notes: readonly string[];
  /** Other files that the data set depends on, relative to the root. */
  readonly tables?: readonly string[];
}

/** A data set whose images are files of their own, decoded when they are asked for. */
export function imageFilesSource(dataset: ImageFiles): DatasetSource {
  const { path, root, format, classNames, parts, notes, tables = [] } = dataset;
  const fileAt = (part: PartName, index: number): string => {
    const file = parts[part]?.files[index];
    if (file === undefined)
      throw new AppError("shape-mismatch", `${root}: has no image ${index} in part "${part}"`);
    return file;
  };
  const allFiles = [...tables, ...Object.values(parts).flatMap((part) => part.files)];
  return {
    path,
    format,
    classNames,
    classesSortedBy: dataset.classesSortedBy,
    parts,
    notes,
    read: (part, indices) =>
      decodeSome(indices.length, (at) => openImageFile(root, fileAt(part, indices[at]))),
    locate: fileAt,
    imageRoot: root,
    fingerprint: (job) => listingFingerprint([format, ...classNames], root, allFiles, job),
    close: async () => {},
  };
}
