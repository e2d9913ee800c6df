import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { RawImage, UnreadableImage } from "./images/raw-image.ts";

/** The parts of a data set as it lies on disk; `all` is a set that comes undivided. */
export const PART_NAMES = ["train", "val", "test", "all"] as const;
export type PartName = (typeof PART_NAMES)[number];

export interface DatasetPart {
  /** Class of each image, 0 to classes - 1; its length is the number of images. */
  readonly labels: Int32Array;
}

/** Per class as it is numbered now. */
export interface OwnClasses {
  /** A name by which a list finds it again; its name now if the data set has no such class. */
  readonly names: readonly string[];
  /** -1 if the data set has no such class. */
  readonly numbers: readonly number[];
}

/** An opened data set: labels in memory, images read on demand. Whoever opens it closes it. */
export interface DatasetSource {
  readonly path: string;
  /** Id of the format it was opened as. */
  readonly format: string;
  /** One name per class; the class numbers where the data set has no names. */
  readonly classNames: readonly string[];
  /** How the format numbered the classes where it knows them by name alone; absent where labels came as numbers. */
  readonly classesSortedBy?: "code points";
  /** Where its classes were named or numbered anew: what it calls each of them itself, and its number there. */
  readonly own?: OwnClasses;
  readonly parts: Readonly<Partial<Record<PartName, DatasetPart>>>;
  /** What the person should know about how it was read: what was skipped, what was assumed. Sentences. */
  readonly notes: readonly string[];
  /**
   * Decodes images, in the order of `indices`; memory grows with their number, not with the data set. Where they are too
   * large to be in memory together, fewer come back than were asked for: those from the first on, one at least.
   * @throws AppError 'file-unreadable' if an array file can't be read at all
   */
  read(part: PartName, indices: ArrayLike<number>): Promise<readonly (RawImage | UnreadableImage)[]>;
  /** Where an image lies, for messages: `train/cat/7.png` or `x_train[7]`. */
  locate(part: PartName, index: number): string;
  /** The folder that images lie in, as files of their own that `locate` names; absent where they lie in arrays. */
  readonly imageRoot?: string;
  /**
   * SHA-256 (hex) over what the data set holds: array files by content, image folders by path, size and time.
   * @throws AppError 'cancelled'
   */
  fingerprint(job: Job): Promise<string>;
  close(): Promise<void>;
}

/** More images than a list in memory is made for: dividing it into splits takes seconds. */
const MAX_IMAGES = 2 ** 22;

/** @throws AppError 'data-invalid' if there are more images than can be listed in memory */
export function checkImageCount(where: string, count: number): void {
  if (count <= MAX_IMAGES) return;
  throw new AppError(
    "data-invalid",
    `${where}: holds ${count} images, expected at most ${MAX_IMAGES}: open a part of them`,
  );
}

/** One way to store a data set. */
export interface DatasetFormat {
  readonly id: string;
  readonly title: string;
  /** Which files have to be where, as a clause of an error message. */
  readonly layout: string;
  /**
   * Whether `path` looks like this format: by names, and by the first lines of a table at most.
   * @throws AppError 'cancelled'
   */
  detect(path: string, job: Job): Promise<boolean>;
  /**
   * @throws AppError 'data-invalid' if the contents break the format, 'file-unreadable' if they can't be read,
   * 'cancelled'
   */
  open(path: string, job: Job): Promise<DatasetSource>;
}

/** The part that a folder or array named `word` holds, if it is named after one. */
export function partNamed(word: string): PartName | undefined {
  switch (word.toLowerCase()) {
    case "train":
    case "training":
      return "train";
    case "val":
    case "valid":
    case "validation":
      return "val";
    case "test":
    case "testing":
      return "test";
    default:
      return undefined;
  }
}
