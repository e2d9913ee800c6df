import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { byteTables, type InputArray, inputArray } from "../dataset/splits/input-pixels.ts";
import { openStoredImages, storedImages } from "./stored-images.ts";

const imageNet = preprocessSchema.parse({
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
  channels: "rgb",
});

function inputOf(layout: BackboneInput["layout"], type: BackboneInput["type"] = "float32"): BackboneInput {
  return { name: "x", type, channels: 3, height: 4, width: 6, layout, dynamicBatch: true };
}

/** Images of noise as they are normalised for a network. */
function normalised(input: BackboneInput, count: number): InputArray {
  const random = seededRandom(3);
  const tables = byteTables(imageNet, input);
  const values = inputArray(input, count);
  const plane = input.height * input.width;
  for (const at of values.keys()) {
    const channel = input.layout === "NCHW" ? Math.floor(at / plane) % 3 : at % 3;
    values[at] = tables[channel][Math.floor(256 * random())];
  }
  return values;
}

async function stored(images: readonly InputArray[], input: BackboneInput): Promise<string> {
  const path = join(await temporaryFolder(), "images.bin");
  await writeFile(path, storedImages(images, input));
  return path;
}

const bitsOf = (values: InputArray) => [
  ...new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
];

it.each(["NCHW", "NHWC"] as const)(
  "normalised bytes (%s) take a quarter of the floats, and come back to the last bit",
  async (layout) => {
    const input = inputOf(layout);
    const images = [normalised(input, 300), normalised(input, 41)];
    const path = await stored(images, input);
    const floats = 4 * 341 * 72;
    expect((await readFile(path)).length).toBe(1 + 3 * 1024 + floats / 4);
    const open = await openStoredImages(path, input, 341);
    const into = inputArray(input, 300);
    await open.read(into, 0, 300);
    expect(bitsOf(into)).toEqual(bitsOf(images[0]));
    await open.read(into, 300, 41);
    expect(bitsOf(into.subarray(0, 41 * 72))).toEqual(bitsOf(images[1]));
    await open.close();
  },
);

it("any floats come back to the last bit, zeros with their sign and what is no number included", async () => {
  const input = { ...inputOf("NCHW"), height: 1, width: 2 };
  const few = fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e-45, -1.5);
  const image = fc.float32Array({ minLength: 6, maxLength: 6 });
  const ofFew = fc.array(few, { minLength: 6, maxLength: 6 }).map((values) => Float32Array.from(values));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(image, ofFew), { minLength: 1, maxLength: 400 }), async (images) => {
      const open = await openStoredImages(await stored(images, input), input, images.length);
      const into = inputArray(input, images.length);
      await open.read(into, 0, images.length);
      await open.close();
      expect(bitsOf(into)).toEqual(images.flatMap(bitsOf));
    }),
    { numRuns: 30, seed: 5 },
  );
});

it("a channel of more values than a byte can tell, and bytes themselves, are stored as they are", async () => {
  const input = inputOf("NCHW");
  const values = Float32Array.from({ length: 11 * 72 }, (_, at) => at);
  expect((await readFile(await stored([values], input))).length).toBe(1 + 4 * 11 * 72);
  const bytes = inputOf("NHWC", "uint8");
  const images = Uint8Array.from({ length: 2 * 72 }, (_, at) => at);
  const path = await stored([images], bytes);
  expect([...(await readFile(path))]).toEqual([0, ...images]);
});

it("a file of other images, or of none, is refused", async () => {
  const input = inputOf("NCHW");
  const path = await stored([normalised(input, 2)], input);
  await expect(openStoredImages(path, input, 3)).rejects.toMatchObject({ code: "file-invalid" });
  await expect(openStoredImages(path, { ...input, type: "uint8" }, 2)).rejects.toThrow(/take 3217 bytes/);
  await writeFile(path, new Uint8Array(0));
  await expect(openStoredImages(path, input, 0)).rejects.toMatchObject({ code: "file-invalid" });
});
