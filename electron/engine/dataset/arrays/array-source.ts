import { AppError } from "../../../../shared/base/errors.ts";
import type { OpenFiles } from "../../base/byte-range.ts";
import { checkLabels, numberedClasses } from "../classes/class-names.ts";
import { namedFromZero } from "../classes/labels.ts";
import { checkImageCount, type DatasetPart, type DatasetSource, type PartName } from "../dataset-source.ts";
import { contentFingerprint } from "../fingerprint.ts";
import type { RawImage, UnreadableImage } from "../images/raw-image.ts";
import type { Rows } from "./rows.ts";

/** A part whose images are the rows of an array. */
export interface ArrayPart extends DatasetPart {
  /** Name of the array of images, and of the labels, for messages. */
  readonly imagesAt: string;
  readonly labelsAt: string;
  readonly rows: Rows;
  /** Takes one row as an image; the row may be kept. */
  decode(row: Uint8Array): RawImage;
}

export interface ArrayDataset {
  readonly path: string;
  readonly format: string;
  /** The class numbers where absent. */
  readonly classNames?: readonly string[];
  readonly classesSortedBy?: DatasetSource["classesSortedBy"];
  readonly parts: Readonly<Partial<Record<PartName, ArrayPart>>>;
  /** The array files, for the fingerprint; they are what `open` holds. */
  readonly files: readonly string[];
  readonly open: OpenFiles;
  readonly notes?: readonly string[];
}

/**
 * A data set whose images are rows of arrays.
 * @throws AppError 'data-invalid' if images and labels differ in number, there are none, or a label has no name
 */
export function arraySource(dataset: ArrayDataset): DatasetSource {
  const { path, format, files, open } = dataset;
  const { parts, notes: moved } = namedFromZero(dataset.parts, dataset.classNames);
  const notes = [...(dataset.notes ?? []), ...moved];
  const present = Object.values(parts);
  for (const part of present) checkPart(part);
  const classNames = dataset.classNames ?? numberedClasses(present.map((part) => part.labels));
  for (const part of present) checkLabels(part.labels, classNames.length, part.labelsAt);
  const partOf = (name: PartName): ArrayPart => {
    const part = parts[name];
    if (part === undefined) throw new AppError("shape-mismatch", `${path}: has no part "${name}"`);
    return part;
  };
  return {
    path,
    format,
    classNames,
    classesSortedBy: dataset.classesSortedBy,
    parts,
    notes,
    read: (name, indices) => readImages(partOf(name), indices),
    locate: (name, index) => `${partOf(name).imagesAt}[${index}]`,
    fingerprint: (job) => contentFingerprint([format, ...classNames], files, job),
    close: () => open.close(),
  };
}

/**
 * Turns planes into pixels.
 * @param planes [channels x height x width]
 * @returns [height x width x channels]
 */
export function interleave<T extends Uint8Array | Float32Array>(planes: T, channels: number): T {
  const pixels = planes.slice() as T;
  const area = planes.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < area; at++) pixels[at * channels + channel] = planes[channel * area + at];
  }
  return pixels;
}

/** Bytes of rows that are read at a time; as floats they may take four times as much. */
const MAX_READ_BYTES = 64 * 2 ** 20;

async function readImages(
  part: ArrayPart,
  indices: ArrayLike<number>,
): Promise<readonly (RawImage | UnreadableImage)[]> {
  const { rowBytes } = part.rows;
  // Of large images fewer come back than are asked for.
  const some = Array.from(indices).slice(0, Math.max(1, Math.floor(MAX_READ_BYTES / rowBytes)));
  const bytes = await part.rows.read(some);
  return some.map((index, row) => {
    const image = part.decode(bytes.subarray(row * rowBytes, (row + 1) * rowBytes));
    if (image.data instanceof Uint8Array || image.data.every(Number.isFinite)) return image;
    return { path: `${part.imagesAt}[${index}]`, reason: "holds values that are no finite numbers" };
  });
}

/** What one image may take: far more than a photograph does. */
const MAX_ROW_BYTES = 256 * 2 ** 20;

function checkPart(part: ArrayPart): void {
  const images = part.rows.count;
  checkImageCount(part.imagesAt, images);
  if (part.rows.rowBytes > MAX_ROW_BYTES) {
    const needed = Math.ceil(part.rows.rowBytes / 2 ** 20);
    throw new AppError(
      "data-invalid",
      `${part.imagesAt}: each of its images takes ${needed} MiB, expected at most ${MAX_ROW_BYTES / 2 ** 20} MiB`,
    );
  }
  if (images !== part.labels.length) {
    throw new AppError(
      "data-invalid",
      `${part.imagesAt} holds ${images} images, but ${part.labelsAt} holds ${part.labels.length} labels`,
    );
  }
  if (images === 0) throw new AppError("data-invalid", `${part.imagesAt}: holds no images`);
}
