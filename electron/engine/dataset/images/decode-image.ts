import { extname, join } from "node:path";
import sharp, { type Metadata, type Sharp } from "sharp";
import { AppError } from "../../../../shared/base/errors.ts";
import { isMissing } from "../../../disk/disk-error.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";
import { isLfsPointer, lfsPointerReason } from "../../base/byte-range.ts";
import { bmpSize, decodeBmp, isBmp } from "./bmp.ts";
import { decodeGif, gifSize, isGif } from "./gif.ts";
import { checkedSize, MAX_PIXELS } from "./image-size.ts";
import { decodeNetpbm, isNetpbm, netpbmSize } from "./netpbm.ts";
import type { RawImage, UnreadableImage } from "./raw-image.ts";
import { upright } from "./upright.ts";

const READ_EXTENSIONS = new Set(
  ".png .jpg .jpeg .jpe .jfif .bmp .webp .tif .tiff .gif .ppm .pgm .pbm .pnm".split(" "),
);
/** Images that cameras and tools write but nothing here reads: they must be converted. */
const OTHER_EXTENSIONS = new Set(
  ".heic .heif .avif .jxl .jp2 .j2k .tga .psd .svg .ico .exr .hdr .dng .cr2 .cr3 .nef .arw .raf .dcm .fits".split(
    " ",
  ),
);

/** The kinds of image that are read, for messages. */
export const IMAGE_KINDS = "PNG, JPEG, BMP, WebP, TIFF, GIF or PPM/PGM";

export function isReadImage(name: string): boolean {
  return READ_EXTENSIONS.has(extname(name).toLowerCase());
}

/** Whether a file is an image, by its name, of whatever kind. */
export function isImageName(name: string): boolean {
  return isReadImage(name) || OTHER_EXTENSIONS.has(extname(name).toLowerCase());
}

/** An image whose header has been read, so that what it takes to decode it is known before it is taken. */
export interface PackedImage {
  readonly decodingBytes: number;
  decode(): Promise<RawImage>;
}

/** What decoding one image may take in memory. */
const MAX_DECODING_BYTES = 704 * 2 ** 20;

/**
 * Reads an image file's header. It is decoded to 8-bit grey or RGB, to the pixels that Pillow's `convert("RGB")` has, which
 * training pipelines read: colour profiles and transparency are ignored, CMYK is converted without a profile, greys of
 * 16 bits are clipped at 255, and of several frames the first is taken. The orientation tag is noted; only that of TIFF is
 * applied, as Pillow does it.
 * @throws Error saying what is wrong with it; so does `decode`
 */
export async function openImage(bytes: Uint8Array): Promise<PackedImage> {
  if (isLfsPointer(bytes)) throw new Error(lfsPointerReason);
  const own = ownKinds.find(({ is }) => is(bytes));
  const image = own ? openOwn(bytes, own) : await openBySharp(bytes);
  if (image.decodingBytes <= MAX_DECODING_BYTES) return image;
  const [needed, most] = [image.decodingBytes, MAX_DECODING_BYTES].map((count) => Math.ceil(count / 2 ** 20));
  throw new Error(`would take ${needed} MiB to decode, expected at most ${most} MiB: save it smaller`);
}

/** @throws Error saying what is wrong with it */
export async function decodeImage(bytes: Uint8Array): Promise<RawImage> {
  return (await openImage(bytes)).decode();
}

/** Kinds that sharp doesn't decode, or not as Pillow does. */
const ownKinds = [
  { is: isBmp, size: bmpSize, decode: decodeBmp },
  { is: isNetpbm, size: netpbmSize, decode: decodeNetpbm },
  { is: isGif, size: gifSize, decode: decodeGif },
];

function openOwn(bytes: Uint8Array, { size, decode }: (typeof ownKinds)[number]): PackedImage {
  const { width, height } = size(bytes);
  // Three channels, and for GIF the colours' numbers.
  return { decodingBytes: width * height * 4, decode: async () => decode(bytes) };
}

/** How the kinds start that sharp is trusted with: of the others that it knows some refer to files elsewhere, such as SVG. */
const sharpKinds = ["\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "RIFF", "II*\0", "II+\0", "MM\0*", "MM\0+"];

async function openBySharp(bytes: Uint8Array): Promise<PackedImage> {
  const start = Buffer.from(bytes.subarray(0, 8)).toString("latin1");
  if (!sharpKinds.some((kind) => start.startsWith(kind)))
    throw new Error(bytes.length === 0 ? "is empty" : `is no ${IMAGE_KINDS} file, whatever its name says`);
  const options = { failOn: "error", ignoreIcc: true, limitInputPixels: MAX_PIXELS } as const;
  const image = sharp(bytes, options).timeout({ seconds: LONGEST_SECONDS });
  const about = await image.metadata();
  checkedSize(about.width, about.height);
  return { decodingBytes: decodingBytes(about), decode: () => decodeUpright(image, about) };
}

/** No photograph takes longer to decode; some files are made to. */
const LONGEST_SECONDS = 10;

/**
 * What sharp gives lies in memory twice for a moment; beside it the whole picture where it can't be decoded row by row, and
 * what becomes of inks or of an orientation.
 */
function decodingBytes(about: Metadata): number {
  const { format, isProgressive, orientation = 1, channels, depth, space } = about;
  const sampleBytes = /double|complex/.test(depth) ? 8 : /int|float/.test(depth) ? 4 : 2;
  const isWhole = isProgressive || format === "tiff" || format === "webp";
  const turned = format === "tiff" && orientation > 1 ? 3 : 0;
  const given = space === "cmyk" ? 2 * 4 + 3 : 2 * 3;
  return about.width * about.height * (given + turned + (isWhole ? channels * sampleBytes : 0));
}

async function decodeUpright(image: Sharp, about: Metadata): Promise<RawImage> {
  const decoded = await decodeBySharp(image, about);
  if (about.orientation === undefined) return decoded;
  const turned = { ...decoded, orientation: about.orientation };
  // Of TIFF alone Pillow turns the pixels themselves as it decodes them.
  return about.format === "tiff" ? upright(turned) : turned;
}

/** An image that is ready to be decoded, or the reason why it can't be. */
export interface OpenedImage {
  readonly decodingBytes: number;
  decode(): Promise<RawImage | UnreadableImage>;
}

/** Bytes of an image file; a photograph takes far less. */
const MAX_BYTES = 128 * 2 ** 20;

/** Opens an image file of a data set; one that can't be read is named with the reason. */
export async function openImageFile(root: string, file: string): Promise<OpenedImage> {
  const path = join(root, file);
  return openedOrNamed(file, () => readRegularFile(path, { within: root, maxBytes: MAX_BYTES }));
}

/**
 * Opens an image that lies anywhere; one that can't be decoded is named with the reason.
 * @param path names the image in messages
 */
export async function openedOrNamed(path: string, read: () => Promise<Uint8Array>): Promise<OpenedImage> {
  const named = (error: unknown): UnreadableImage => ({ path, reason: reasonOf(error, path) });
  try {
    const { decodingBytes, decode } = await openImage(await read());
    return { decodingBytes, decode: () => decode().catch(named) };
  } catch (error) {
    return { decodingBytes: 0, decode: async () => named(error) };
  }
}

/** Without the path that the image is named by already. */
function reasonOf(error: unknown, path: string): string {
  if (isGone(error)) return "isn't there any more";
  const [line] = (error instanceof Error ? error.message : String(error)).split("\n");
  const start = line.indexOf(`${path}: `);
  return start < 0 ? line : line.slice(start + path.length + 2);
}

function isGone(error: unknown): boolean {
  return isMissing(error) || (error instanceof AppError && error.code === "file-not-found");
}

function decodeBySharp(image: Sharp, { space, hasAlpha }: Metadata): Promise<RawImage> {
  if (space === "cmyk") return decodeCmyk(image);
  if (space === "grey16" && !hasAlpha) return decodeWideGrey(image);
  return rawPixels(image.removeAlpha().toColourspace("srgb").raw());
}

async function rawPixels(image: Sharp): Promise<RawImage & { readonly data: Uint8Array }> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
}

async function decodeWideGrey(image: Sharp): Promise<RawImage> {
  const wide = await rawPixels(image.toColourspace("grey16").raw({ depth: "ushort" }));
  const view = new DataView(wide.data.buffer, wide.data.byteOffset, wide.data.byteLength);
  const data = new Uint8Array(wide.width * wide.height);
  for (let at = 0; at < data.length; at++) data[at] = Math.min(255, view.getUint16(2 * at, true));
  return { ...wide, channels: 1, data };
}

/** Inks to light as Pillow does it: each channel is (1 - ink) (1 - black), in bytes. */
async function decodeCmyk(image: Sharp): Promise<RawImage> {
  const inks = await rawPixels(image.pipelineColourspace("cmyk").toColourspace("cmyk").raw());
  const data = new Uint8Array(inks.width * inks.height * 3);
  for (let pixel = 0; pixel < data.length / 3; pixel++) {
    const light = 255 - inks.data[4 * pixel + 3];
    for (let channel = 0; channel < 3; channel++) {
      const dark = inks.data[4 * pixel + channel] * light + 128;
      data[3 * pixel + channel] = Math.max(0, light - ((dark + (dark >> 8)) >> 8));
    }
  }
  return { ...inks, channels: 3, data };
}
