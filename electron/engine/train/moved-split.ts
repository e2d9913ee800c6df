import { type Random, randomInteger } from "../../../shared/base/random.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { TrainOptions } from "../../../shared/model/stage-options.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { type InputArray, inputArray, valuesPerImage } from "../dataset/splits/input-pixels.ts";

/** How far images are moved at most, as a share of their sides, and whether half of them are mirrored. */
export type Moving = Pick<TrainOptions, "crop" | "flip">;

/**
 * The same images in the same order, each moved up, down and sideways at random, and mirrored or not. What comes in at an
 * edge repeats the edge, as it does in whatever numbers the network reads.
 */
export function movedSplit(
  split: ImageSplit,
  input: BackboneInput,
  moving: Moving,
  random: Random,
): ImageSplit {
  return {
    ...split,
    async *batches(size) {
      const room = inputArray(input, size);
      for await (const batch of split.batches(size)) {
        for (let place = 0; place < batch.labels.length; place++)
          moveImage(batch.images, room, place, input, drawMove(input, moving, random));
        yield { ...batch, images: room };
      }
    },
  };
}

/** Pixel (row, column) becomes what was `down` below and `right` of it. */
interface Move {
  readonly down: number;
  readonly right: number;
  readonly isMirrored: boolean;
}

function drawMove({ height, width }: BackboneInput, { crop, flip }: Moving, random: Random): Move {
  const within = (side: number) => {
    const most = Math.round(crop * side);
    return randomInteger(random, 2 * most + 1) - most;
  };
  return { down: within(height), right: within(width), isMirrored: flip && random() < 0.5 };
}

function moveImage(
  from: InputArray,
  to: InputArray,
  place: number,
  input: BackboneInput,
  { down, right, isMirrored }: Move,
): void {
  const { channels, height, width, layout } = input;
  const start = place * valuesPerImage(input);
  const [planes, values] = layout === "NCHW" ? [channels, 1] : [1, channels];
  const sources = Array.from({ length: width }, (_, column) =>
    inside((isMirrored ? width - 1 - column : column) + right, width),
  );
  for (let plane = 0; plane < planes; plane++)
    for (let row = 0; row < height; row++) {
      const target = start + (plane * height + row) * width * values;
      const source = start + (plane * height + inside(row + down, height)) * width * values;
      for (let column = 0; column < width; column++)
        for (let value = 0; value < values; value++)
          to[target + column * values + value] = from[source + sources[column] * values + value];
    }
}

function inside(at: number, size: number): number {
  return Math.min(size - 1, Math.max(0, at));
}
