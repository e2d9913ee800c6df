import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { AppError } from "../../../../shared/base/errors.ts";
import { silentJob } from "../../../../shared/base/job.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { StageCache } from "../../base/cache.ts";
import { computeExitLogits, createLogitsFiles, readLogits } from "../../calibrate/exit-logits.ts";
import { memorySplit } from "../../dataset/testing/memory-split.ts";
import { type Head, untrainedHeads } from "../../heads/head.ts";
import { headKinds } from "../../heads/index.ts";
import { packingRunner } from "../../jobs/testing/packing-runner.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { importProto, noiseImages } from "../../onnx/testing/test-backbone.ts";
import { residualNet } from "../../onnx/testing/test-graphs.ts";
import type { StageContext } from "../stage-context.ts";
import { logitsKind } from "./logits-kind.ts";
import { sentNetwork } from "./sent-network.ts";
import { writeExitLogits } from "./share-logits.ts";
import { packSplit } from "./split-packer.ts";

/** 19 batches of 32, the last of which is short, and two images that can't be read. */
const count = 601;

describe("logits that workers share", () => {
  let backbone: Backbone;
  let heads: readonly Head[];
  let split: ReturnType<typeof memorySplit>;

  beforeAll(async () => {
    backbone = await importProto(residualNet(3, ["batch", 3, 8, 8]));
    heads = untrainedHeads(
      backbone,
      headKinds.map((kind) => ({ kind, options: kind.options.parse({}) })),
    );
    const images = noiseImages(backbone, count, seededRandom(5));
    split = memorySplit({ images, labels: images.map((_, row) => row % 5), unreadable: [8, 340] });
  }, 60_000);

  /** What a stage has, and the files of one machine. */
  async function begin(): Promise<{ context: StageContext; whole: Record<string, Buffer> }> {
    const folder = await temporaryFolder();
    await computeExitLogits(backbone, heads, split, folder, silentJob);
    const context = { cache: new StageCache(await temporaryFolder()), job: silentJob };
    return { context, whole: await contentsOf(folder) };
  }

  it("are one machine's bit for bit, range by range in any division and order", async () => {
    const { context, whole } = await begin();
    const packer = packSplit(context.cache, backbone, split, "data");
    const parts = packer.partImages.length;
    expect(packer.partImages).toEqual([...Array.from({ length: 9 }, () => 64), 25]);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: parts - 1 }), { maxLength: 5 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (cuts, order) => {
          const ends = [...cuts.sort((a, b) => a - b), parts];
          const ranges = await Promise.all(
            ends.map((to, index) => packer.range(index === 0 ? 0 : ends[index - 1], to, silentJob)),
          );
          const folder = await temporaryFolder();
          const { classes } = backbone.summary.output;
          const files = await createLogitsFiles(folder, heads.length + 1, classes);
          const shuffled = ranges
            .map((range) => ({ range, place: order.next().value }))
            .sort((a, b) => a.place - b.place);
          for (const { range } of shuffled) {
            const own = await temporaryFolder();
            await computeExitLogits(backbone, heads, range.images, own, silentJob);
            const rows = [];
            for (let row = 0; row <= heads.length; row++) rows.push(...(await readLogits(own, row)));
            await files.write(range.start, range.labels.length, Float32Array.from(rows));
          }
          await files.finish(ranges.map(({ labels }) => labels));
          await files.close();
          expect(await contentsOf(folder)).toEqual(whole);
        },
      ),
      { numRuns: 4, seed: 7 },
    );
    await packer.close();
  });

  it("are packed, opened again by the doors of any file, and joined", async () => {
    const { context, whole } = await begin();
    const runner = packingRunner(2);
    const folder = await temporaryFolder();
    await writeExitLogits({ ...context, runner }, { backbone, heads }, split, "data", folder);
    expect(runner.begun).toEqual(["calibrate", "calibrate"]);
    expect(runner.mostAtOnce()).toBeGreaterThan(1);
    expect(await contentsOf(folder)).toEqual(whole);
  });

  it("are begun while other images are still read", async () => {
    const { context, whole } = await begin();
    let begun = () => {};
    const firstBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow: typeof split = {
      ...split,
      async *batches(size) {
        let read = 0;
        for await (const batch of split.batches(size)) {
          if (++read === 19) await firstBegun;
          yield batch;
        }
      },
    };
    const runner = packingRunner(2, () => begun());
    const folder = await temporaryFolder();
    await writeExitLogits({ ...context, runner }, { backbone, heads }, slow, "data", folder);
    expect(await contentsOf(folder)).toEqual(whole);
  });

  it("stop together where one fails, in its own words", async () => {
    const { context } = await begin();
    const runner = packingRunner(8, (job) => {
      if (job === 2) throw new AppError("engine-crashed", "worker-2: out of luck");
    });
    const folder = await temporaryFolder();
    await expect(
      writeExitLogits({ ...context, runner }, { backbone, heads }, split, "data", folder),
    ).rejects.toMatchObject({ code: "engine-crashed", message: "worker-2: out of luck" });
  });

  it("aren't taken if they are too few, of other images, or no numbers", async () => {
    const { context } = await begin();
    const packer = packSplit(context.cache, backbone, split, "data");
    const range = await packer.range(0, 1, silentJob);
    await packer.close();
    const subject = { network: sentNetwork(backbone, heads), range };
    const options = { macs: 1 };
    const { value, files } = await logitsKind.run(subject, options, context);
    const check = (changed: Partial<{ value: typeof value; files: typeof files }>) =>
      logitsKind.check({ value, files, ...changed }, subject, options);
    expect(() => check({})).not.toThrow();
    expect(() => check({ value: { samples: 31 } })).toThrow(/it is of 31 images/);
    expect(() => check({ files: {} })).toThrow(/its logits take undefined bytes/);
    const broken = Float32Array.from(new Float32Array(files["logits.f32"].slice().buffer));
    broken[7] = Number.NaN;
    expect(() => check({ files: { "logits.f32": new Uint8Array(broken.buffer) } })).toThrow(
      /no finite numbers/,
    );
  });
});

async function contentsOf(folder: string): Promise<Record<string, Buffer>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}
