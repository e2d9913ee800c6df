import { expect, it } from "vitest";
import { type Random, seededRandom } from "../../../shared/base/random.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { type Moving, movedSplit } from "./moved-split.ts";

function inputOf(layout: "NCHW" | "NHWC", channels: number, height: number, width: number): BackboneInput {
  return { name: "image", type: "float32", layout, channels, height, width, dynamicBatch: true };
}

/** Gives these numbers in turn. */
function scripted(...numbers: readonly number[]): Random {
  let at = 0;
  return () => numbers[at++];
}

async function moved(
  images: readonly (readonly number[])[],
  input: BackboneInput,
  moving: Moving,
  random: Random,
): Promise<number[][]> {
  const split = memorySplit({
    images: images.map((image) => Float32Array.from(image)),
    labels: images.map(() => 0),
  });
  const rows: number[][] = [];
  for await (const batch of movedSplit(split, input, moving, random).batches(2))
    for (let row = 0; row < batch.labels.length; row++) {
      const size = input.channels * input.height * input.width;
      rows.push([...batch.images.subarray(row * size, (row + 1) * size)]);
    }
  return rows;
}

// Rows 0 1 2 3, 4 5 6 7.
const counting = [0, 1, 2, 3, 4, 5, 6, 7];

it("moves and mirrors, and repeats the edges", async () => {
  const input = inputOf("NCHW", 1, 2, 4);
  const moving = { crop: 0.5, flip: true };
  // Down by -1, 0 or 1, right by -2 to 2; then whether it is mirrored.
  expect(await moved([counting], input, moving, scripted(0.9, 0.5, 0.9))).toEqual([[4, 5, 6, 7, 4, 5, 6, 7]]);
  expect(await moved([counting], input, moving, scripted(0.5, 0, 0.9))).toEqual([[0, 0, 0, 1, 4, 4, 4, 5]]);
  expect(await moved([counting], input, moving, scripted(0.5, 0.5, 0.1))).toEqual([[3, 2, 1, 0, 7, 6, 5, 4]]);
  expect(await moved([counting], input, moving, scripted(0, 0.7, 0.1))).toEqual([[3, 3, 2, 1, 3, 3, 2, 1]]);
});

it("moves all channels of an image alike, in either layout", async () => {
  // Two rows of two pixels, red and blue.
  const planes = [1, 2, 3, 4, 10, 20, 30, 40];
  const pixels = [1, 10, 2, 20, 3, 30, 4, 40];
  const mirror = () => scripted(0.5, 0.5, 0);
  const moving = { crop: 0, flip: true };
  expect(await moved([planes], inputOf("NCHW", 2, 2, 2), moving, mirror())).toEqual([
    [2, 1, 4, 3, 20, 10, 40, 30],
  ]);
  expect(await moved([pixels], inputOf("NHWC", 2, 2, 2), moving, mirror())).toEqual([
    [2, 20, 1, 10, 4, 40, 3, 30],
  ]);
});

it("draws for each image anew, within the bounds, and mirrors none unless it is wished", async () => {
  // Only the number in the middle of nine is not zero.
  const image = Array.from({ length: 81 }, (_, at) => (at === 40 ? 1 : 0));
  const images = Array.from({ length: 200 }, () => image);
  const input = inputOf("NCHW", 1, 9, 9);
  const places = (await moved(images, input, { crop: 0.25, flip: false }, seededRandom(1))).map((row) =>
    row.indexOf(1),
  );
  // A quarter of nine is two, to either side.
  const allowed = [-2, -1, 0, 1, 2].flatMap((down) =>
    [-2, -1, 0, 1, 2].map((right) => 40 + 9 * down + right),
  );
  expect(new Set(places)).toEqual(new Set(allowed));
  const odd = await moved([[1, 2, 3]], inputOf("NCHW", 1, 1, 3), { crop: 0, flip: false }, seededRandom(1));
  expect(odd).toEqual([[1, 2, 3]]);
});
