import { AppError } from "../../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import { eventLoopTurns } from "../../base/event-loop.ts";
import type { DatasetSource, PartName } from "../dataset-source.ts";
import { isUnreadable, type RawImage, type UnreadableImage } from "../images/raw-image.ts";
import { type FramedImage, frameImage } from "./image-geometry.ts";
import { type InputArray, inputArray, pixelWriter, valuesPerImage } from "./input-pixels.ts";
import { checkPreprocess } from "./preprocess.ts";
import type { Split } from "./splits.ts";

/** What became of a batch: the readable images, packed from the start, and those left out. */
export interface BatchRead {
  /** Class per readable image. */
  readonly labels: Int32Array;
  /** Index within the part per readable image. */
  readonly indices: Int32Array;
  readonly skipped: readonly UnreadableImage[];
}

/** A batch ready for the model. */
export interface ImageBatch extends BatchRead {
  /** [labels.length x the model's input], in its layout; valid until the next batch is asked for. */
  readonly images: InputArray;
}

/** Readable images as they were decoded, and those left out. */
export interface DecodedBatch extends Pick<BatchRead, "labels" | "skipped"> {
  readonly images: readonly RawImage[];
  /** Where each lies, for messages. */
  readonly places: readonly string[];
}

/** Makes another image of one, of the same size. @param index of the image within its part */
export type FrameChange = (framed: FramedImage, index: number, where: string) => Promise<FramedImage>;

/** Images decoded at a time, and the bytes that they may take: photographs are much larger than the model's input. */
const MAX_DECODED = 32;
const MAX_DECODED_BYTES = 256 * 2 ** 20;
/** Images that are decoded before their size is known. */
const FIRST_DECODED = 4;
/** Share of a split's images that may be unreadable. */
const MAX_UNREADABLE = 0.01;

/**
 * Reads images into a model's input.
 * @param into room for indices.length images; readable ones are packed from its start
 * @param change what becomes of each image before it is scaled; it stays what it is if absent
 * @throws AppError 'data-mismatch' if size, channels or type don't fit the model; 'shape-mismatch' if `into` is short
 */
export async function readBatch(
  source: DatasetSource,
  part: PartName,
  indices: ArrayLike<number>,
  preprocess: Preprocess,
  input: BackboneInput,
  into: InputArray,
  change?: FrameChange,
): Promise<BatchRead> {
  checkPreprocess(preprocess, input);
  checkRoom(into, indices.length, input);
  const partLabels = labelsIn(source, part);
  const writer = pixelWriter(preprocess, input);
  const wanted = Array.from(indices);
  const read: number[] = [];
  const skipped: UnreadableImage[] = [];
  const turn = eventLoopTurns();
  let count = FIRST_DECODED;
  for (let start = 0; start < wanted.length; ) {
    const chunk = wanted.slice(start, start + count);
    const images = await source.read(part, chunk);
    start += images.length;
    count = decodable(images);
    for (const [at, image] of images.entries()) {
      if (isUnreadable(image)) {
        skipped.push(image);
        continue;
      }
      const where = source.locate(part, chunk[at]);
      const framed = frameImage(image, preprocess, input, where);
      writer.write(change ? await change(framed, chunk[at], where) : framed, into, read.length, where);
      read.push(chunk[at]);
      // Resizing a large image takes as long as some take to decode.
      await turn();
    }
  }
  return {
    labels: Int32Array.from(read, (index) => partLabels[index]),
    indices: Int32Array.from(read),
    skipped,
  };
}

/** How many images like these may be decoded at a time. */
function decodable(images: readonly (RawImage | UnreadableImage)[]): number {
  const largest = Math.max(1, ...images.map((image) => (isUnreadable(image) ? 0 : image.data.byteLength)));
  return Math.min(MAX_DECODED, Math.max(1, Math.floor(MAX_DECODED_BYTES / largest)));
}

/**
 * Reads a split batch by batch, in its order, into one array that is used again.
 * @throws AppError 'data-invalid' once more than 1 % of the split's images are unreadable; and what readBatch throws
 */
export async function* readSplit(
  source: DatasetSource,
  split: Split,
  preprocess: Preprocess,
  input: BackboneInput,
  batchSize: number,
  change?: FrameChange,
): AsyncGenerator<ImageBatch> {
  const into = inputArray(input, Math.min(batchSize, split.indices.length));
  const read = (indices: Int32Array) =>
    readBatch(source, split.part, indices, preprocess, input, into, change);
  for await (const batch of inBatches(source, split, batchSize, read))
    yield { ...batch, images: into.subarray(0, batch.labels.length * valuesPerImage(input)) };
}

/**
 * The same images in the same batches, as they were decoded: all of a batch are in memory together.
 * @throws AppError 'data-invalid' once more than 1 % of the split's images are unreadable
 */
export function readDecoded(
  source: DatasetSource,
  split: Split,
  batchSize: number,
): AsyncGenerator<DecodedBatch> {
  return inBatches(source, split, batchSize, (indices) => decodeBatch(source, split, indices));
}

/** A split's batches with readable images, in its order. */
async function* inBatches<Batch extends Pick<BatchRead, "labels" | "skipped">>(
  source: DatasetSource,
  split: Split,
  batchSize: number,
  read: (indices: Int32Array) => Promise<Batch>,
): AsyncGenerator<Batch> {
  const skipped: UnreadableImage[] = [];
  for (let start = 0; start < split.indices.length; start += batchSize) {
    const batch = await read(split.indices.subarray(start, start + batchSize));
    skipped.push(...batch.skipped);
    checkSkipped(source, split, skipped);
    if (batch.labels.length > 0) yield batch;
  }
}

async function decodeBatch(
  source: DatasetSource,
  { part }: Split,
  indices: Int32Array,
): Promise<DecodedBatch> {
  const partLabels = labelsIn(source, part);
  const images: RawImage[] = [];
  const read: number[] = [];
  const skipped: UnreadableImage[] = [];
  for (let start = 0; start < indices.length; ) {
    const found = await source.read(part, indices.subarray(start));
    for (const [at, image] of found.entries()) {
      if (isUnreadable(image)) skipped.push(image);
      else {
        images.push(image);
        read.push(indices[start + at]);
      }
    }
    start += found.length;
  }
  return {
    labels: Int32Array.from(read, (index) => partLabels[index]),
    images,
    places: read.map((index) => source.locate(part, index)),
    skipped,
  };
}

function checkSkipped(source: DatasetSource, split: Split, skipped: readonly UnreadableImage[]): void {
  const total = split.indices.length;
  if (skipped.length <= MAX_UNREADABLE * total) return;
  const named = skipped.slice(0, 3).map(({ path, reason }) => `${path} (${reason})`);
  throw new AppError(
    "data-invalid",
    `${source.path}: ${skipped.length} of ${total} images of the ${split.name} split can't be read, more than 1 %: ` +
      `${named.join(", ")}${skipped.length > 3 ? ", …" : ""}; repair or remove them`,
    { unreadable: skipped.map(({ path }) => path) },
  );
}

function checkRoom(into: InputArray, count: number, input: BackboneInput): void {
  const needed = count * valuesPerImage(input);
  const isRightType = into instanceof Uint8Array === (input.type === "uint8");
  if (into.length >= needed && isRightType) return;
  throw new AppError(
    "shape-mismatch",
    `a batch of ${count} needs ${needed} ${input.type} values, the array is a ${into.constructor.name} of ${into.length}`,
  );
}

function labelsIn(source: DatasetSource, part: PartName): Int32Array {
  const found = source.parts[part];
  if (found === undefined) throw new AppError("shape-mismatch", `${source.path}: has no part "${part}"`);
  return found.labels;
}
