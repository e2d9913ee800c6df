import sharp from "sharp";
import { encodeNpy } from "../../../base/npy.ts";
import { imageParquet } from "./image-parquet.ts";

/** A data set's files, by path in its folder. */
export type ExampleFiles = Readonly<Record<string, Uint8Array>>;

/** Six images of 32x32 pixels in the training part, or in one that comes undivided, labels 0 1 0 1 0 1; image k is filled with 10 + 40 k. */
export const LABELS = [0, 1, 0, 1, 0, 1];
const fill = (image: number) => 10 + 40 * image;

/** For tests: the same small data set in every format, by the format's id. */
export const formatExamples: Readonly<Record<string, () => Promise<ExampleFiles>>> = {
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
