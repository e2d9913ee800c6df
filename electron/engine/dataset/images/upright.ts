import type { RawImage } from "./raw-image.ts";

/**
 * Turns and mirrors an image as its EXIF orientation says, so that it stands as the camera saw it.
 * @see CIPA DC-008, tag 0x0112
 */
export function upright(image: RawImage): RawImage {
  const { orientation = 1 } = image;
  if (!(orientation >= 2 && orientation <= 8)) return image;
  // From 5 on, rows and columns change places.
  const isTransposed = orientation >= 5;
  const [width, height] = isTransposed ? [image.height, image.width] : [image.width, image.height];
  const isFlippedAcross = [2, 3, 7, 8].includes(orientation);
  const isFlippedDown = [3, 4, 6, 7].includes(orientation);
  const { channels } = image;
  // Not by slice(): what sharp gives is a Buffer, whose slices share its memory.
  const data = image.data instanceof Float32Array ? new Float32Array(image.data) : new Uint8Array(image.data);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = isTransposed ? [x, y] : [y, x];
      const fromRow = isFlippedDown ? image.height - 1 - row : row;
      const fromColumn = isFlippedAcross ? image.width - 1 - column : column;
      const from = (fromRow * image.width + fromColumn) * channels;
      for (let channel = 0; channel < channels; channel++) data[to++] = image.data[from + channel];
    }
  }
  return { width, height, channels, data };
}
