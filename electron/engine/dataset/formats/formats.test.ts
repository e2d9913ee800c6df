import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../../shared/base/errors.ts";
import { silentJob } from "../../../../shared/base/job.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import type { DatasetFormat, DatasetSource, PartName } from "../dataset-source.ts";
import { isUnreadable, type RawImage } from "../images/raw-image.ts";
import { openDataset } from "../open/open-dataset.ts";
import { datasetFormats } from "./index.ts";
import { formatExamples, LABELS } from "./testing/format-examples.ts";

async function writeExample(format: DatasetFormat): Promise<string> {
  expect(Object.keys(formatExamples), `add an example of "${format.id}" to this test`).toContain(format.id);
  return temporaryFolder(await formatExamples[format.id]());
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
      const [name] = Object.keys(await formatExamples[format.id]());
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
      const [name, bytes] = Object.entries(await formatExamples[format.id]())[0];
      const changed = Uint8Array.from(bytes);
      // In what the images are made of, so that the file opens still.
      changed[changed.length >> 3] ^= 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await writeFile(join(path, name), changed);
      expect(await print()).not.toBe(first);
    });

    it("says which file is cut short, or which image", async () => {
      const path = await writeExample(format);
      const [name, bytes] = Object.entries(await formatExamples[format.id]())[0];
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
