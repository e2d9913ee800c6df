import { AppError } from "../../../../shared/base/errors.ts";
import { type ByteRange, subRange } from "../../base/byte-range.ts";
import { type NpyHeader, type NpyType, npyItems, readNpyHeader } from "../../base/npy.ts";
import { MAX_CHANNELS } from "../images/image-size.ts";
import type { RawImage } from "../images/raw-image.ts";
import { interleave } from "./array-source.ts";
import { type Rows, rowsOf } from "./rows.ts";

/** The rows of an array as images. */
export interface ArrayImages {
  readonly rows: Rows;
  /** What all rows share, to compare arrays by: type and shape of one row. */
  readonly alike: string;
  /** A sentence where the shape left a choice. */
  readonly note?: string;
  decode(row: Uint8Array): RawImage;
}

/**
 * Opens an array of images: [n, h, w], [n, h, w, c], [n, c, h, w], or flat rows [n, h*w] and [n, 3*h*w] of square images.
 * @throws AppError 'data-invalid' if it has another shape
 */
export async function readArrayImages(range: ByteRange): Promise<ArrayImages> {
  const header = await readNpyHeader(range);
  const { type, shape, itemBytes } = header;
  const layout = layoutOf(shape);
  if (layout === undefined) {
    throw new AppError(
      "data-invalid",
      `${range.where}: has shape [${shape.join(", ")}], expected images as [n, height, width], ` +
        "[n, height, width, channels], [n, channels, height, width], or flat rows of square images, grey or RGB planes",
    );
  }
  const { height, width, channels, isPlanar, note } = layout;
  const decode = (row: Uint8Array): RawImage => {
    const pixels = pixelsOf(type, row);
    return { width, height, channels, data: isPlanar ? interleave(pixels, channels) : pixels };
  };
  const items = subRange(range, header.dataStart, header.items * itemBytes);
  const rows = rowsOf(items, height * width * channels * itemBytes, shape[0]);
  return { rows, alike: `${type} [${shape.slice(1).join(", ")}]`, note, decode };
}

interface Layout {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly isPlanar: boolean;
  readonly note?: string;
}

function layoutOf(shape: NpyHeader["shape"]): Layout | undefined {
  if (shape.length === 2) return flatLayout(shape[1]);
  if (shape.length !== 3 && shape.length !== 4) return undefined;
  const isPlanar = shape.length === 4 && shape[3] > MAX_CHANNELS && shape[1] <= MAX_CHANNELS;
  const [height, width, channels] = isPlanar
    ? [shape[2], shape[3], shape[1]]
    : [shape[1], shape[2], shape[3] ?? 1];
  if (channels > MAX_CHANNELS || height * width * channels === 0) return undefined;
  return { height, width, channels, isPlanar };
}

/** Smaller squares are features or one-hot rows rather than images. */
const SMALLEST_SIDE = 8;

function flatLayout(values: number): Layout | undefined {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(values / channels);
    if (!Number.isInteger(side) || side < SMALLEST_SIDE) continue;
    const kind = channels === 1 ? "grey images" : "images of three planes, red first";
    const note = `rows of ${values} values are taken as ${side}x${side} ${kind}`;
    return { height: side, width: side, channels, isPlanar: channels > 1, note };
  }
  return undefined;
}

function pixelsOf(type: NpyType, row: Uint8Array): Uint8Array | Float32Array {
  const items = npyItems(type, row);
  if (items instanceof Float32Array || type === "u1") return items as Float32Array | Uint8Array;
  return Float32Array.from(items as ArrayLike<number | bigint>, Number);
}
