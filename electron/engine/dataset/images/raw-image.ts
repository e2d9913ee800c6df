/** A decoded image, [height x width x channels], rows from the top. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  /** 1 grey or 3 red, green, blue; array files may hold others. */
  readonly channels: number;
  /** Bytes 0 to 255, or floats in whatever range the file holds. */
  readonly data: Uint8Array | Float32Array;
  /** The EXIF tag that says how the camera was held, 1 (upright) to 8; absent where the file has none. */
  readonly orientation?: number;
}

/** An image that can't be decoded: skipped, counted and named. */
export interface UnreadableImage {
  /** Where the image lies: a file, or an array and a row. */
  readonly path: string;
  readonly reason: string;
}

export function isUnreadable(image: object): image is UnreadableImage {
  return "reason" in image;
}
