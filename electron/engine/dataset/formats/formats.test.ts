import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../../shared/base/errors.ts";
import { silentJob } from "../../../../shared/base/job.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { encodeNpy } from "../../base/npy.ts";
import type { DatasetFormat, DatasetSource, PartName } from "../dataset-source.ts";
import { isUnreadable, type RawImage } from "../images/raw-image.ts";
import { openDataset } from "../open/open-dataset.ts";
import { datasetFormats } from "./index.ts";
import { imageParquet } from "./testing/image-parquet.ts";

type Files = Record<string, Uint8Array>;

/** Six images of 32x32 pixels in the training part, or in one that comes undivided, labels 0 1 0 1 0 1; image k is filled with 10 + 40 k. */
const LABELS = [0, 1, 0, 1, 0, 1];
const fill = (image: number) => 10 + 40 * image;

const examples: Record<string, () => Promise<Files>> = {
  npz: async () => ({
    "train-images.npy": encodeNpy({ shape: [6, 32, 32], data: Uint8Array.from(filled(1024)) }),
    "train-labels.npy": encodeNpy({ shape: [6], data: Int32Array.from(LABELS) }),
  }),
  "npy-classes": async () => {
    const ofClass = (label: number) =>
      LABELS.flatMap((other, image) => (other === label ? [fill(image)] : []));
    const array = (fills: readonly number[]) =>
      encodeNpy({ shape: [3, 1024], data: Uint8Array.from(fills.flatMap((fill) => Array(1024).fill(fill))) });
    return { "bitmap_cat.npy": array(ofClass(0)), "bitmap_dog.npy": array(ofClass(1)) };
  },
  "mnist-idx": async () => ({
    "train-images-idx3-ubyte": Uint8Array.from([0, 0, 8, 3, ...words(6, 32, 32), ...filled(1024)]),
    "train-labels-idx1-ubyte": Uint8Array.from([0, 0, 8, 1, ...words(6), ...LABELS]),
  }),
  cifar: async () => ({
    "data_batch_1.bin": Uint8Array.from(cifarRecords().slice(0, 4 * 3073)),
    "data_batch_2.bin": Uint8Array.from(cifarRecords().slice(4 * 3073)),
  }),
  "cifar-python": async () => ({ data_batch_1: pickledBatch() }),
  parquet: async () => {
    const bytes = await Promise.all(LABELS.map((_, image) => greyPng(fill(image))));
    const data = bytes.map((bytes) => ({ bytes, path: null }));
    return { "train-00000-of-00001.parquet": imageParquet(data, LABELS) };
  },
  "image-table": async () => {
    const images = LABELS.map(async (_, image) => [`${image}.png`, await greyPng(fill(image))] as const);
    const rows = LABELS.map((label, image) => `${image},${label}\n`);
    return {
      ...Object.fromEntries(await Promise.all(images)),
      "labels.csv": new TextEncoder().encode(`id,label\n${rows.join("")}`),
    };
  },
  "image-folder": async () => {
    const images = LABELS.map(async (label, image) => {
      return [`train/class-${label}/${image}.png`, await greyPng(fill(image))] as const;
    });
    return Object.fromEntries(await Promise.all(images));
  },
};

function greyPng(level: number): Promise<Uint8Array> {
  return sharp(Buffer.alloc(1024, level), { raw: { width: 32, height: 32, channels: 1 } })
    .png()
    .toBuffer();
}

function filled(values: number): number[] {
  return LABELS.flatMap((_, image) => Array<number>(values).fill(fill(image)));
}

function words(...numbers: number[]): number[] {
  return numbers.flatMap((number) => [0, 0, number >> 8, number & 255]);
}

function cifarRecords(): number[] {
  return LABELS.flatMap((label, image) => [label, ...Array<number>(3072).fill(fill(image))]);
}

/** As Python 3 writes `{"labels": [...], "data": numpy.ndarray}` with protocol 4, without its memo. */
function pickledBatch(): Uint8Array {
  const text = (value: string) => [0x8c, value.length, ...Buffer.from(value)];
  const name = (module: string, attribute: string) => [...text(module), ...text(attribute), 0x93];
  const [images, array] = [LABELS.flatMap((_, image) => Array<number>(3072).fill(fill(image))), "multiarray"];
  const reconstruct = name(`numpy.core.${array}`, "_reconstruct");
  const empty = [...name("numpy", "ndarray"), 0x4b, 0, 0x85, 0x43, 1, 0x62, 0x87, 0x52];
  const type = [...name("numpy", "dtype"), ...text("u1"), 0x89, 0x88, 0x87, 0x52];
  const state = [
    0x28,
    0x4b,
    1,
    0x4b,
    6,
    0x4d,
    0,
    12,
    0x86,
    ...type,
    0x89,
    0x42,
    0,
    0x48,
    0,
    0,
    ...images,
    0x74,
  ];
  const labels = [...text("labels"), 0x5d, 0x28, ...LABELS.flatMap((label) => [0x4b, label]), 0x65];
  const data = [...text("data"), ...reconstruct, ...empty, ...state, 0x62];
  return Uint8Array.from([0x80, 4, 0x7d, 0x28, ...labels, ...data, 0x75, 0x2e]);
}

async function writeExample(format: DatasetFormat): Promise<string> {
  expect(Object.keys(examples), `add an example of "${format.id}" to this test`).toContain(format.id);
  return temporaryFolder(await examples[format.id]());
}

function onlyPart(source: DatasetSource): PartName {
  const parts = Object.keys(source.parts) as PartName[];
  expect(parts).toHaveLength(1);
  expect(["train", "all"]).toContain(parts[0]);
  return parts[0];
}

function readable(image: object): RawImage {
  expect(isUnreadable(image)).toBe(false);
  return image as RawImage;
}

describe.each(datasetFormats.map((format) => [format.id, format] as const))(
  "data-set format %s",
  (_, format) => {
    it("is told apart from the others, an empty folder and nothing", async () => {
      const path = await writeExample(format);
      const detected = await Promise.all(datasetFormats.map((other) => other.detect(path, silentJob)));
      expect(datasetFormats.filter((_, index) => detected[index])).toEqual([format]);
      expect(await format.detect(await temporaryFolder(), silentJob)).toBe(false);
      expect(await format.detect(join(path, "nothing"), silentJob)).toBe(false);
      // A file of the folder alone may be a data set too, but of no other format.
      const [name] = Object.keys(await examples[format.id]());
      const alone = await Promise.all(
        datasetFormats.map((other) => other.detect(join(path, name), silentJob)),
      );
      expect(datasetFormats.filter((other, index) => alone[index] && other !== format)).toEqual([]);
    });

    it("reads images and labels, in the order asked for", async () => {
      const source = await openDataset(await writeExample(format));
      expect(source.format).toBe(format.id);
      const part = onlyPart(source);
      const labels = [...(source.parts[part]?.labels ?? [])];
      expect([...labels].sort()).toEqual([0, 0, 0, 1, 1, 1]);
      const indices = [5, 0, 3, 0];
      const images = (await source.read(part, indices)).map(readable);
      expect(images.map((image) => [image.height, image.width])).toEqual(indices.map(() => [32, 32]));
      for (const { data, channels } of images)
        expect(data).toEqual(data.map(() => data[0]).slice(0, 1024 * channels));
      const numbers = images.map(({ data }) => (data[0] - 10) / 40);
      expect(numbers.map((number) => LABELS[number])).toEqual(indices.map((index) => labels[index]));
      expect(new Set(numbers).size).toBe(3);
      await source.close();
    });

    it("has a fingerprint that tells contents apart", async () => {
      const path = await writeExample(format);
      const print = async () => {
        const source = await openDataset(path);
        const fingerprint = await source.fingerprint(silentJob);
        await source.close();
        return fingerprint;
      };
      const first = await print();
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(await print()).toBe(first);
      const [name, bytes] = Object.entries(await examples[format.id]())[0];
      const changed = Uint8Array.from(bytes);
      // In what the images are made of, so that the file opens still.
      changed[changed.length >> 3] ^= 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await writeFile(join(path, name), changed);
      expect(await print()).not.toBe(first);
    });

    it("says which file is cut short, or which image", async () => {
      const path = await writeExample(format);
      const [name, bytes] = Object.entries(await examples[format.id]())[0];
      await writeFile(join(path, name), bytes.subarray(0, (bytes.length >> 1) - 1));
      const tryAll = async () => {
        const source = await openDataset(path);
        const images = await source.read(onlyPart(source), [0, 1, 2, 3, 4, 5]);
        await source.close();
        return images.filter(isUnreadable).map((image) => image.path);
      };
      const named = await tryAll().catch((error: AppError) => [error.code, error.message]);
      expect(named.join(" ")).toContain(name);
    });

    it("refuses images and parts that aren't there", async () => {
      const source = await openDataset(await writeExample(format));
      await expect((async () => source.read(onlyPart(source), [6]))()).rejects.toBeInstanceOf(AppError);
      await expect((async () => source.read("test", [0]))()).rejects.toBeInstanceOf(AppError);
      await source.close();
    });

    it("describes itself in a clause", () => {
      expect(format.layout).toMatch(/^an? /);
      expect(format.title).not.toBe("");
    });
  },
);
