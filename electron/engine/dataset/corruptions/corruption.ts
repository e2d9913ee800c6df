import sharp, { type Sharp } from "sharp";
import type { Random } from "../../../../shared/base/random.ts";
import type { RawImage } from "../images/raw-image.ts";

/** An image of bytes as a network sees it: resized and cropped, grey or in colours. */
export interface ByteImage extends RawImage {
  readonly data: Uint8Array;
}

/** From the mildest to the harshest. */
export type Strengths = readonly [number, number, number, number, number];

/** For which images strengths are meant. */
export type ImageScale = "small" | "large";

/**
 * One way in which images get worse, with the strengths of its five severities.
 * @see Hendrycks & Dietterich 2019, arXiv 1903.12261, and github.com/hendrycks/robustness, whose strengths are taken for small
 * images from CIFAR-10-C and for large ones from ImageNet-C
 */
export interface Corruption {
  readonly id: string;
  readonly title: string;
  /** What a strength is, for people. */
  readonly strength: string;
  readonly strengths: Readonly<Record<ImageScale, Strengths>>;
  corrupt(image: ByteImage, strength: number, random: Random): ByteImage | Promise<ByteImage>;
}

/** The same image with other values, rounded and clipped to bytes. @param value what becomes of a byte, by its place too */
export function withValues(image: ByteImage, value: (byte: number, at: number) => number): ByteImage {
  // A clamped array rounds and clips.
  const data = new Uint8ClampedArray(image.data.length);
  for (let at = 0; at < data.length; at++) data[at] = value(image.data[at], at);
  return { ...image, data: new Uint8Array(data.buffer) };
}

type Channels = Pick<ByteImage, "channels">;

function colourSpace({ channels }: Channels): string {
  return channels === 1 ? "b-w" : "srgb";
}

/** An image for sharp. @param image grey or in three colours */
export function sharpImage(image: ByteImage): Sharp {
  const { data, width, height, channels } = image;
  return sharp(data, { raw: { width, height, channels: channels as 1 | 3 } }).toColourspace(
    colourSpace(image),
  );
}

/** What sharp made of an image, with the channels that it had. */
export function sharpPixels(made: Sharp, like: Channels): Promise<Uint8Array> {
  return made.toColourspace(colourSpace(like)).raw().toBuffer();
}
