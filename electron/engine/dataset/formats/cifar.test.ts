import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { openDataset } from "../open/open-dataset.ts";

/** One record: label bytes, then planes filled with `first`, `first` + 1 and `first` + 2. */
function record(labels: readonly number[], first: number): number[] {
  const plane = (value: number) => Array<number>(1024).fill(value);
  return [...labels, ...plane(first), ...plane(first + 1), ...plane(first + 2)];
}

describe("cifar format", () => {
  it("opens CIFAR-10 over several files", async () => {
    const folder = await temporaryFolder({
      "data_batch_1.bin": Uint8Array.from([...record([3], 10), ...record([9], 20)]),
      "data_batch_2.bin": Uint8Array.from(record([0], 30)),
      "test_batch.bin": Uint8Array.from(record([5], 40)),
    });
    const source = await openDataset(folder);
    expect(source.classNames[3]).toBe("cat");
    expect(source.parts.train?.labels).toEqual(Int32Array.of(3, 9, 0));
    expect(source.parts.test?.labels).toEqual(Int32Array.of(5));
    const pixels = (first: number) => Uint8Array.from({ length: 3072 }, (_, at) => first + (at % 3));
    expect(await source.read("train", [2, 1])).toEqual([
      { width: 32, height: 32, channels: 3, data: pixels(30) },
      { width: 32, height: 32, channels: 3, data: pixels(20) },
    ]);
    await source.close();
  });

  it("takes CIFAR-100's fine labels and their names", async () => {
    const names = Array.from({ length: 100 }, (_, label) => `class ${label}`);
    const folder = await temporaryFolder({
      "train.bin": Uint8Array.from([...record([7, 99], 1), ...record([19, 4], 2)]),
      "test.bin": Uint8Array.from(record([0, 50], 3)),
      "fine_label_names.txt": `${names.join("\n")}\n`,
    });
    const source = await openDataset(folder);
    expect(source.classNames[99]).toBe("class 99");
    expect(source.parts.train?.labels).toEqual(Int32Array.of(99, 4));
    expect(await source.read("test", [0])).toMatchObject([{ data: { 0: 3, 1: 4, 2: 5 } }]);
    await source.close();
  });

  it.each([
    [
      "an odd length",
      "data_batch_1.bin",
      record([1], 0).slice(1),
      /data_batch_1\.bin: is 3072 bytes long, expected a multiple of 3073/,
    ],
    ["an empty file", "test_batch.bin", [], /is 0 bytes long/],
    [
      "a label that CIFAR-10 doesn't have",
      "data_batch_1.bin",
      [...record([0], 0), ...record([10], 0)],
      /data_batch_1\.bin\[1\]: label is 10/,
    ],
  ])("refuses %s", async (_, name, bytes, message) => {
    const folder = await temporaryFolder({ [name]: Uint8Array.from(bytes) });
    await expect(openDataset(folder)).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(message),
    });
  });
});
