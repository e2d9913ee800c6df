import { describe, expect, it } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { preprocessSchema } from "../../../../shared/model/preprocess.ts";
import type { DatasetSource } from "../dataset-source.ts";
import { adaptedMapping, adaptValues, byteMapping, findValueRange, isNormalised } from "./value-range.ts";

/** A data set of one-pixel images, one channel. */
function sourceOf(
  values: readonly number[],
  asBytes = false,
): DatasetSource & { readonly asked: number[][] } {
  const asked: number[][] = [];
  return {
    asked,
    path: "set.npz",
    format: "test",
    classNames: ["0"],
    notes: [],
    parts: { train: { labels: new Int32Array(values.length) } },
    read: async (_, indices) => {
      asked.push(Array.from(indices));
      return Array.from(indices, (index) => ({
        width: 1,
        height: 1,
        channels: 1,
        data: asBytes ? Uint8Array.of(values[index]) : Float32Array.of(values[index]),
      }));
    },
    locate: (_, index) => `x[${index}]`,
    fingerprint: async () => "own",
    close: async () => {},
  };
}

const scaled = preprocessSchema.parse({});
const asIs = preprocessSchema.parse({ scale: 1 });

async function adapted(values: readonly number[], preprocess = scaled) {
  const source = sourceOf(values);
  const range = await findValueRange(source, "train");
  const { source: changed, notes } = adaptValues(source, range, preprocess);
  const images = await changed.read("train", [...values.keys()]);
  return {
    values: images.flatMap((image) => ("data" in image ? [...image.data] : [])),
    notes,
    print: await changed.fingerprint(silentJob),
  };
}

describe("findValueRange", () => {
  it("reads at most 64 images, evenly spread, and none but the first of bytes", async () => {
    const many = sourceOf(Array.from({ length: 640 }, (_, at) => at / 640));
    const range = (await findValueRange(many, "train"))!;
    expect(many.asked[1]).toEqual(Array.from({ length: 64 }, (_, at) => 10 * at));
    // 0, 1/64, …, 63/64: the mean is 63/128.
    expect(range).toMatchObject({ min: 0, max: 63 / 64 });
    expect(range.mean).toBeCloseTo(63 / 128, 12);
    const bytes = sourceOf([0, 255], true);
    expect(await findValueRange(bytes, "train")).toBeUndefined();
    expect(bytes.asked).toEqual([[0]]);
  });
});

describe("adaptValues", () => {
  it.each([
    ["0 to 1", [0, 0.2, 1], [0, 51, 255]],
    ["-1 to 1", [-1, 0, 1], [0, 127.5, 255]],
    ["0 to 65535", [0, 257, 65_535], [0, 1, 255]],
  ])("brings %s to 0 to 255 where bytes are scaled, and says so", async (from, values, wanted) => {
    const bytes = await adapted(values);
    for (const [at, value] of bytes.values.entries()) expect(value).toBeCloseTo(wanted[at], 4);
    expect(bytes.notes).toEqual([expect.stringContaining(`were taken as ${from} and brought to 0 to 255`)]);
    expect(bytes.print).not.toBe("own");
    const kept = await adapted(values, asIs);
    expect(kept).toEqual({ values: Array.from(Float32Array.from(values)), notes: [], print: "own" });
  });

  it.each([
    ["ImageNet's mean of bytes", { scale: 1, mean: [123.675], standardDeviation: [58.395] }],
    ["bytes brought to -1 to 1", { scale: 1 / 127.5, mean: [1] }],
  ])("brings 0 to 1 to bytes for %s", async (_, preprocess) => {
    expect((await adapted([0, 0.2, 1], preprocessSchema.parse(preprocess))).values).toEqual([0, 51, 255]);
  });

  it("makes bytes of whatever holds pixels for a model that reads whole numbers", async () => {
    const bytesOf = async (values: readonly number[], preprocess = asIs) => {
      const source = sourceOf(values);
      const range = await findValueRange(source, "train");
      const images = await adaptValues(source, range, preprocess, "uint8").source.read("train", [
        ...values.keys(),
      ]);
      return images.map((image) => "data" in image && image.data);
    };
    expect(await bytesOf([0, 0.2, 1])).toEqual([0, 51, 255].map((value) => Uint8Array.of(value)));
    // Bytes that are stored as larger numbers, or were resized: rounded.
    expect(await bytesOf([0, 17.4, 255])).toEqual([0, 17, 255].map((value) => Uint8Array.of(value)));
    await expect(bytesOf([-2.1, 0, 2.6], scaled)).rejects.toThrow(/are normalised already/);
  });

  it("leaves floats alone that are bytes already", async () => {
    expect(await adapted([0, 17, 255])).toEqual({ values: [0, 17, 255], notes: [], print: "own" });
  });

  it("refuses to normalise twice, and names the preset that doesn't", async () => {
    const normalised = [-2.1, 0, 2.6];
    await expect(adapted(normalised)).rejects.toThrow(
      /-2\.1 to 2\.6 with mean 0\.16667 .* are normalised already, but the preprocessing would divide them by 255: .*--preprocess none/,
    );
    const again = preprocessSchema.parse({ scale: 1, mean: [0.5] });
    await expect(adapted(normalised, again)).rejects.toThrow(/would normalise them again/);
    expect((await adapted(normalised, asIs)).notes).toEqual([]);
  });

  it("takes signed bytes as they are, but not as bytes from 0 on", async () => {
    await expect(adapted([-128, 0, 127])).rejects.toThrow(/are no pixels from 0 on/);
    const shifted = preprocessSchema.parse({ scale: 1, mean: [3], standardDeviation: [50] });
    expect((await adapted([-128, 0, 127], shifted)).values).toEqual([-128, 0, 127]);
  });
});

it("tells ranges apart at their ends", () => {
  const of = (min: number, max: number) => ({ min, max, mean: 0, deviation: 1 });
  expect(byteMapping(of(-0.05, 1.05))?.from).toBe("0 to 1");
  expect(byteMapping(of(-0.9, 0.9))?.from).toBe("-1 to 1");
  expect(byteMapping(of(0, 255))).toBeUndefined();
  expect(byteMapping(of(0, 4095))?.from).toBe("0 to 65535");
  expect(byteMapping(of(0, 70_000))).toBeUndefined();
  // MNIST with its mean and deviation.
  expect(isNormalised(of(-0.42, 2.82))).toBe(true);
  expect(isNormalised(of(-1, 1))).toBe(false);
  expect(isNormalised(of(-128, 127))).toBe(false);
});

describe("adaptedMapping", () => {
  const mappingOf = async (values: readonly number[], preprocess = scaled) => {
    const source = sourceOf(values);
    return adaptedMapping(source, await findValueRange(source, "train"), preprocess, "float32");
  };

  it("says how values become bytes once they are where the preprocessing wants them", async () => {
    const same = { factor: 1, offset: 0 };
    // Brought to 0 to 255 already, for the preprocessing divides by 255.
    expect(await mappingOf([0, 0.5, 1])).toEqual(same);
    expect(await mappingOf([0, 128, 255])).toEqual(same);
    expect(await mappingOf([0, 0.5, 1], asIs)).toMatchObject({ factor: 255, offset: 0 });
    expect(await mappingOf([-1, 0, 1], asIs)).toMatchObject({ factor: 127.5, offset: 127.5 });
    expect(adaptedMapping(sourceOf([]), undefined, scaled, "float32")).toBeUndefined();
  });

  it("refuses values that are no pixels", async () => {
    await expect(mappingOf([-2.1, 0, 2.6], asIs)).rejects.toMatchObject({
      code: "data-mismatch",
      message: expect.stringMatching(/^set\.npz: its values, -2\.1 to 2\.6, are no pixels/),
    });
  });
});
