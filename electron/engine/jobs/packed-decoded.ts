import { AppError } from "../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import { openRegularFile, type RegularFile, readFully } from "../../disk/regular-file.ts";
import { checkedSize, MAX_CHANNELS } from "../dataset/images/image-size.ts";
import type { RawImage } from "../dataset/images/raw-image.ts";
import { type DecodableSplit, imagePreparer } from "../dataset/splits/image-split.ts";
import { inputArray, valuesPerImage } from "../dataset/splits/input-pixels.ts";
import { rowsAt } from "./packed-images.ts";

/**
 * A file of images as they were decoded, of any sizes: of each its width, height, channels, the bytes that a value takes (1, or 4 of
 * a float) and its orientation, 0 where it has none, as uint32; then the values of all, one image after the other.
 */
const headFields = 5;
const headBytes = headFields * Uint32Array.BYTES_PER_ELEMENT;

const orientations = 8;

/** Images read at a time while they are packed, and the memory that they may take. */
const mostReadAhead = 64;
const readAheadBytes = 64e6;

/** Images as they were decoded, in such a file. */
export interface PackedDecoded {
  readonly file: Uint8Array;
  /** Of the images that were wanted, how many it holds: from the first on. */
  readonly count: number;
}

/**
 * @param places of the images among the readable ones of the split, rising
 * @param maxBytes of the file, which holds fewer images then, but one at least
 * @throws AppError 'shape-mismatch' if the split has fewer
 */
export async function packDecoded(
  split: Pick<DecodableSplit, "decoded" | "exampleBytes">,
  places: Int32Array,
  maxBytes: number,
  pause: () => Promise<void>,
): Promise<PackedDecoded> {
  const fitting = Math.floor(readAheadBytes / Math.max(1, await split.exampleBytes()));
  const batches = split.decoded(Math.max(1, Math.min(mostReadAhead, fitting)));
  const heads: number[] = [];
  const values: Uint8Array[] = [];
  let bytes = 0;
  for await (const { batch, row } of rowsAt(batches, places, pause)) {
    const { width, height, channels, data, orientation = 0 } = batch.images[row];
    bytes += headBytes + data.byteLength;
    if (bytes > maxBytes && values.length > 0) break;
    heads.push(width, height, channels, data.BYTES_PER_ELEMENT, orientation);
    values.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice());
  }
  const table = new Uint8Array(Uint32Array.from(heads).buffer);
  return { file: new Uint8Array(Buffer.concat([table, ...values])), count: values.length };
}

/** Where an image lies in the file, and what it is. */
interface Head extends Omit<RawImage, "data"> {
  readonly start: number;
  readonly bytes: number;
  readonly valueBytes: number;
}

/**
 * Packed decoded images as a split of a data set.
 * @param labels their right classes
 * @throws AppError 'file-invalid' if the file holds another number of images, or says of one what can't be; 'file-not-found'
 */
export async function openPackedDecoded(
  path: string,
  { preprocess, input }: { readonly preprocess: Preprocess; readonly input: BackboneInput },
  labels: Int32Array,
): Promise<DecodableSplit> {
  const heads = await readHeads(path, labels.length);
  return {
    count: labels.length,
    unreadable: new Map(),
    async *decoded(size) {
      for await (const { from, made: images } of inBatches(path, heads, size, (image) => image))
        yield {
          images,
          places: images.map((_, row) => placeOf(from + row)),
          labels: labels.slice(from, from + images.length),
          skipped: [],
        };
    },
    async *batches(size) {
      const prepare = imagePreparer(preprocess, input);
      const images = inputArray(input, Math.min(size, labels.length));
      const put = (image: RawImage, at: number) =>
        images.set(prepare(image, placeOf(at)), (at % size) * valuesPerImage(input));
      for await (const { from, made } of inBatches(path, heads, size, put))
        yield {
          images,
          labels: labels.slice(from, from + made.length),
          indices: Int32Array.from(made, (_, row) => from + row),
          skipped: [],
        };
    },
    exampleBytes: async () => heads[0]?.bytes ?? 0,
    preparer: () => imagePreparer(preprocess, input),
  };
}

function placeOf(at: number): string {
  return `image ${at + 1} of those that were sent`;
}

async function readHeads(path: string, count: number): Promise<Head[]> {
  const { handle, bytes } = await openRegularFile(path);
  try {
    const expected = (least: number) =>
      new AppError("file-invalid", `the decoded images in ${path} take ${bytes} bytes, expected ${least}`);
    if (bytes < count * headBytes) throw expected(count * headBytes);
    const table = new Uint32Array(count * headFields);
    await readFully(handle, path, 0, new Uint8Array(table.buffer));
    const heads: Head[] = [];
    let start = table.byteLength;
    for (let at = 0; at < count; at++) {
      const head = headOf(
        table.subarray(at * headFields, (at + 1) * headFields),
        start,
        `${path}: ${placeOf(at)}`,
      );
      heads.push(head);
      start += head.bytes;
    }
    if (bytes !== start) throw expected(start);
    return heads;
  } finally {
    await handle.close();
  }
}

/** @throws AppError 'file-invalid' if no image that was decoded is so */
function headOf(fields: Uint32Array, start: number, where: string): Head {
  const [width, height, channels, valueBytes, orientation] = fields;
  const wrong = (what: string) => new AppError("file-invalid", `${where} ${what}`);
  try {
    checkedSize(width, height);
  } catch (cause) {
    throw wrong((cause as Error).message);
  }
  if (channels < 1 || channels > MAX_CHANNELS)
    throw wrong(`claims ${channels} channels, expected 1 to ${MAX_CHANNELS}`);
  if (valueBytes !== 1 && valueBytes !== Float32Array.BYTES_PER_ELEMENT)
    throw wrong(`claims values of ${valueBytes} bytes, expected 1 or 4`);
  if (orientation > orientations)
    throw wrong(`claims to be held in way ${orientation}, expected 0 to ${orientations}`);
  return {
    width,
    height,
    channels,
    ...(orientation > 0 && { orientation }),
    start,
    bytes: width * height * channels * valueBytes,
    valueBytes,
  };
}

/** What becomes of all images of a file, as many at a time. @param make is told which of them it is */
async function* inBatches<Made>(
  path: string,
  heads: readonly Head[],
  size: number,
  make: (image: RawImage, at: number) => Made,
): AsyncGenerator<{ readonly from: number; readonly made: Made[] }> {
  const { handle } = await openRegularFile(path);
  try {
    for (let from = 0; from < heads.length; from += size) {
      const made: Made[] = [];
      for (const head of heads.slice(from, from + size))
        made.push(make(await readImage(handle, path, head), from + made.length));
      yield { from, made };
    }
  } finally {
    await handle.close();
  }
}

async function readImage(
  handle: RegularFile["handle"],
  path: string,
  { start, bytes, valueBytes, ...image }: Head,
): Promise<RawImage> {
  const data = new Uint8Array(bytes);
  await readFully(handle, path, start, data);
  return { ...image, data: valueBytes === 1 ? data : new Float32Array(data.buffer) };
}
