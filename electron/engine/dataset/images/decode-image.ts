import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { extname, join } from "node:path";
import sharp, { type Metadata, type Sharp } from "sharp";
import { isLfsPointer, lfsPointerReason } from "../../base/byte-range.ts";
import { isMissing } from "../../base/paths.ts";
import { decodeBmp, isBmp } from "./bmp.ts";
import { decodeGif, isGif } from "./gif.ts";
import { MAX_PIXELS } from "./image-size.ts";
import { decodeNetpbm, isNetpbm } from "./netpbm.ts";
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

/**
 * Decodes an image file to 8-bit grey or RGB, to the pixels that Pillow's `convert("RGB")` has, which training
 * pipelines read: colour profiles and transparency are ignored, CMYK is converted without a profile, greys of 16 bits are
 * clipped at 255, and of several frames the first is taken. The orientation tag is noted; only that of TIFF is applied, as Pillow does it.
 * @throws Error saying what is wrong with it
 */
export async function decodeImage(bytes: Uint8Array): Promise<RawImage> {
  if (isLfsPointer(bytes)) throw new Error(lfsPointerReason);
  if (isBmp(bytes)) return decodeBmp(bytes);
  if (isNetpbm(bytes)) return decodeNetpbm(bytes);
  if (isGif(bytes)) return decodeGif(bytes);
  const image = sharp(bytes, { failOn: "error", ignoreIcc: true, limitInputPixels: MAX_PIXELS });
  const about = await image.metadata();
  const decoded = await decodeBySharp(image, about);
  if (about.orientation === undefined) return decoded;
  const turned = { ...decoded, orientation: about.orientation };
  // Of TIFF alone Pillow turns the pixels themselves as it decodes them.
  return about.format === "tiff" ? upright(turned) : turned;
}

/** Decodes a file of a data set; one that can't be is named with the reason. */
export async function readImageFile(root: string, file: string): Promise<RawImage | UnreadableImage> {
  return decodedOrNamed(file, () => readPlainFile(join(root, file)));
}

/** Bytes of an image file; a photograph takes far less. */
const MAX_BYTES = 2 ** 30;

/** @throws Error if it is a device or a pipe, which may be endless, or too large */
async function readPlainFile(path: string): Promise<Uint8Array> {
  // Opening a pipe would wait for somebody to write.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const about = await handle.stat();
    if (!about.isFile()) throw new Error("is no file");
    if (about.size > MAX_BYTES) throw new Error(`is larger than ${MAX_BYTES / 2 ** 20} MiB`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * Decodes an image that lies anywhere; one that can't be is named with the reason.
 * @param path names the image in messages
 */
export async function decodedOrNamed(
  path: string,
  read: () => Promise<Uint8Array>,
): Promise<RawImage | UnreadableImage> {
  try {
    return await decodeImage(await read());
  } catch (error) {
    if (isMissing(error)) return { path, reason: "isn't there any more" };
    const message = error instanceof Error ? error.message : String(error);
    return { path, reason: message.split("\n")[0] };
  }
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
