import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { openDataset } from "../open/open-dataset.ts";

/**
 * Pickles by how they were written, as base64 of gzip: by Python 2 as CIFAR's own, and by Python 3. Each holds two
 * images, planes filled with 10 11 12 and 20 21 22, the second with 200 201 202 in its first pixel; labels are 6 and 9.
 */
const pickles: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL("./testing/cifar-pickles.json", import.meta.url), "utf8"),
);

const pickle = (name: string) => new Uint8Array(gunzipSync(Buffer.from(pickles[name], "base64")));

const pixels = (first: number) => Uint8Array.from({ length: 3072 }, (_, at) => first + (at % 3));

describe("cifar-python format", () => {
  it.each(Object.keys(pickles).filter((name) => !/meta|100|hostile/.test(name)))(
    "opens CIFAR-10 as written by: %s",
    async (name) => {
      const folder = await temporaryFolder({
        "cifar-10-batches-py/data_batch_1": pickle(name),
        "cifar-10-batches-py/data_batch_2": pickle("python 2"),
        "cifar-10-batches-py/test_batch": pickle(name),
        "cifar-10-batches-py/batches.meta": pickle("meta"),
      });
      const source = await openDataset(folder);
      expect(source.format).toBe("cifar-python");
      expect(source.classNames.slice(5, 7)).toEqual(["dog", "frog"]);
      expect(source.parts.train?.labels).toEqual(Int32Array.of(6, 9, 6, 9));
      expect(source.parts.test?.labels).toEqual(Int32Array.of(6, 9));
      const second = pixels(20);
      second.set([200, 201, 202]);
      expect(await source.read("train", [3, 0])).toEqual([
        { width: 32, height: 32, channels: 3, data: second },
        { width: 32, height: 32, channels: 3, data: pixels(10) },
      ]);
      expect(await source.read("test", [1])).toMatchObject([{ data: second }]);
      await source.close();
    },
  );

  it("takes CIFAR-100's fine labels and their names", async () => {
    const folder = await temporaryFolder({
      train: pickle("cifar 100"),
      test: pickle("cifar 100"),
      meta: pickle("cifar 100 meta"),
      "file.txt~": "",
    });
    const source = await openDataset(folder);
    expect(source.classNames[49]).toBe("name-49");
    expect(source.parts.test?.labels).toEqual(Int32Array.of(49, 33));
    await source.close();
  });

  it("runs nothing and names what it was asked to run", async () => {
    const folder = await temporaryFolder({ data_batch_1: pickle("hostile") });
    await expect(openDataset(folder)).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(
        /data_batch_1: refers to Python's "posix\.system".*nothing of it was run/,
      ),
    });
  });

  const batch = pickle("python 2");
  const changed = (find: string, put: string) =>
    new Uint8Array(Buffer.from(Buffer.from(batch).toString("latin1").replace(find, put), "latin1"));
  it.each([
    ["a pickle cut short", batch.subarray(0, 3000), /data_batch_1: is cut short, or no pickle/],
    ["no pickle", Buffer.from("hello"), /is no pickle of protocol 2 or newer/],
    ["a newer protocol", Uint8Array.of(0x80, 9, 0x2e), /protocol 9, expected 2 to 5/],
    [
      "other fields",
      changed("labels", "lables"),
      /holds batch_label, lables, data, filenames, expected data and/,
    ],
    ["numbers of another type", changed("u1", "u2"), /shape \[2, 3072\] and type "u2" in 6144 bytes/],
    ["operations of objects", Uint8Array.of(0x80, 2, 0x81, 0x2e), /pickle operation 0x81/],
    ["values that aren't there", Uint8Array.of(0x80, 2, 0x30, 0x2e), /pickle operation 0x30/],
    ["an empty stack", Uint8Array.of(0x80, 2, 0x85, 0x2e), /takes a value that isn't there/],
    ["a list for a dictionary", Uint8Array.of(0x80, 2, 0x5d, 0x2e), /holds no dictionary/],
    ["a huge claim", Uint8Array.of(0x80, 2, 0x54, 255, 255, 255, 127, 0x2e), /is cut short/],
  ])("refuses %s", async (_, bytes, message) => {
    const folder = await temporaryFolder({ data_batch_1: bytes });
    await expect(openDataset(folder)).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(message),
    });
  });
});
