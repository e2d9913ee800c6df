import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import type { RawImage, UnreadableImage } from "../dataset/images/raw-image.ts";
import { imageSplit } from "../dataset/splits/image-split.ts";
import { rawImagesSource } from "../dataset/testing/raw-images-source.ts";
import { openPackedDecoded, packDecoded } from "./packed-decoded.ts";

const input: BackboneInput = {
  name: "x",
  type: "float32",
  channels: 3,
  height: 4,
  width: 4,
  layout: "NCHW",
  dynamicBatch: true,
};
const preprocess = preprocessSchema.parse({ resize: [4, 4], mean: [0.4], exifOrientation: true });
const random = seededRandom(7);

function bytesImage(width: number, height: number, channels: number, orientation?: number): RawImage {
  const data = Uint8Array.from({ length: width * height * channels }, () => Math.floor(256 * random()));
  return { width, height, channels, data, ...(orientation && { orientation }) };
}

const floats: RawImage = {
  ...{ width: 4, height: 5, channels: 3 },
  data: Float32Array.from({ length: 60 }, () => 255 * random()),
};
const damaged: UnreadableImage = { path: "1.png", reason: "is damaged" };
const images = [
  ...[bytesImage(6, 5, 3), damaged, bytesImage(9, 3, 1)],
  ...[bytesImage(7, 12, 3, 6), floats, bytesImage(5, 5, 3), bytesImage(4, 4, 1)],
];
// Of so many one may be unreadable.
const labels = [0, 1, 2, 3, 4, 5, 6];
const many = Array.from({ length: 100 }, () => bytesImage(1, 1, 3));
const split = imageSplit(
  ...rawImagesSource([...images, ...many], [...labels, ...many.map(() => 0)]),
  preprocess,
  input,
);
/** The third of the readable ones is the fourth of all. */
const places = Int32Array.of(0, 1, 2, 3, 5);
const chosen = [images[0], images[2], images[3], images[4], images[6]] as RawImage[];
const chosenLabels = Int32Array.of(0, 2, 3, 4, 6);
const pause = () => Promise.resolve();

async function packed(maxBytes = Number.POSITIVE_INFINITY) {
  const { file, count } = await packDecoded(split, places, maxBytes, pause);
  const path = join(await temporaryFolder({ "decoded.bin": file }), "decoded.bin");
  return { path, file, count };
}

const open = (path: string, classes = chosenLabels) =>
  openPackedDecoded(path, { preprocess, input }, classes);

it("images of any size, of bytes and of floats, come back as they were decoded, in batches", async () => {
  const { path, count } = await packed();
  expect(count).toBe(5);
  const opened = await open(path);
  expect(opened.count).toBe(5);
  expect(await opened.exampleBytes()).toBe(90);
  const batches = [];
  for await (const batch of opened.decoded(2)) batches.push(batch);
  expect(batches.map(({ labels: own }) => [...own])).toEqual([[0, 2], [3, 4], [6]]);
  expect(batches.flatMap(({ images: own }) => own)).toEqual(chosen);
  expect(batches[1].places).toEqual(["image 3 of those that were sent", "image 4 of those that were sent"]);
});

it("a network's images are made of them to the last bit as they are of the data set", async () => {
  const opened = await open((await packed()).path);
  const prepare = split.preparer();
  const wanted = chosen.map((image) => [...prepare(image, "here")]);
  const [alone, batched]: number[][][] = [[], []];
  const preparePacked = opened.preparer();
  for await (const { images: own, places: where } of opened.decoded(5))
    for (const [row, image] of own.entries()) alone.push([...preparePacked(image, where[row])]);
  for await (const { images: own, labels: classes, indices } of opened.batches(3)) {
    const size = 48;
    for (const row of classes.keys()) {
      expect(chosenLabels[indices[row]]).toBe(classes[row]);
      batched.push([...own.subarray(row * size, (row + 1) * size)]);
    }
  }
  expect(alone).toEqual(wanted);
  expect(batched).toEqual(wanted);
});

it("of more than fit the first are packed, one at least", async () => {
  const whole = (await packed()).file.length;
  expect(await packed(whole)).toMatchObject({ count: 5 });
  expect(await packed(whole - 1)).toMatchObject({ count: 4 });
  const { path, count } = await packed(1);
  expect(count).toBe(1);
  expect((await open(path, Int32Array.of(0))).count).toBe(1);
});

it("images that the split hasn't are refused", async () => {
  await expect(packDecoded(split, Int32Array.of(106), 1e6, pause)).rejects.toMatchObject({
    code: "shape-mismatch",
  });
});

const [width, height, channels, valueBytes, orientation] = [0, 1, 2, 3, 4];

it.each<[string, number, number, RegExp]>([
  ["no width", width, 0, /image 2 .* claims 0 x 3 pixels/],
  ["a longer side than any image", height, 70_000, /claims 9 x 70000 pixels/],
  ["more pixels than any image", width, 2 ** 31, /claims 2147483648 x 3 pixels/],
  ["another size than its bytes", width, 10, /take \d+ bytes, expected/],
  ["no channels", channels, 0, /claims 0 channels, expected 1 to 4/],
  ["too many channels", channels, 5, /claims 5 channels/],
  ["values of two bytes", valueBytes, 2, /claims values of 2 bytes, expected 1 or 4/],
  ["floats where there is no room for them", valueBytes, 4, /take \d+ bytes, expected/],
  ["an orientation that there isn't", orientation, 9, /in way 9, expected 0 to 8/],
])("a file that claims %s is refused", async (_, field, value, words) => {
  const { path, file } = await packed();
  new DataView(file.buffer).setUint32(4 * (5 + field), value, true);
  await writeFile(path, file);
  const refused = expect(open(path)).rejects;
  await refused.toMatchObject({ code: "file-invalid", message: expect.stringMatching(words) });
});

it("a file of more or fewer images, or none at all, is refused", async () => {
  const { path } = await packed();
  const whole = await readFile(path);
  await expect(open(path, chosenLabels.subarray(1))).rejects.toMatchObject({ code: "file-invalid" });
  await expect(open(path, Int32Array.of(...chosenLabels, 0))).rejects.toMatchObject({ code: "file-invalid" });
  for (const bytes of [whole.length - 1, 99, 0]) {
    await writeFile(path, whole.subarray(0, bytes));
    await expect(open(path)).rejects.toMatchObject({ code: "file-invalid" });
  }
  await expect(open(`${path}.none`)).rejects.toMatchObject({ code: "file-not-found" });
});
