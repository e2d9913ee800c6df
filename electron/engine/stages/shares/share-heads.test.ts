import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../../shared/base/errors.ts";
import { silentJob } from "../../../../shared/base/job.ts";
import { randomInteger, seededRandom } from "../../../../shared/base/random.ts";
import { trainOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { StageCache } from "../../base/cache.ts";
import { hashBytes } from "../../base/hash.ts";
import { memorySplit } from "../../dataset/testing/memory-split.ts";
import { convolution } from "../../heads/convolution.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import type { HeadChoice, HeadKind } from "../../heads/head-kind.ts";
import { packingRunner } from "../../jobs/testing/packing-runner.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { importProto, noiseImages } from "../../onnx/testing/test-backbone.ts";
import { TestGraph } from "../../onnx/testing/test-graphs.ts";
import { trainHeads } from "../train-stage.ts";
import { trainSharedHeads } from "./share-heads.ts";

const choices: HeadChoice[] = [gapLinear, convolution].map((kind) => ({
  kind: kind as HeadKind,
  options: kind.options.parse({}) as Record<string, unknown>,
}));
const options = trainOptionsSchema.parse({ epochs: 2, batchSize: 16, copies: 1 });

/** Three convolutions with a cut point behind each, and images of which one can't be read. */
async function scene() {
  const net = new TestGraph();
  const first = net.convRelu("image", 3, 4);
  const second = net.convRelu(first, 4, 6, { stride: 2 });
  const last = net.convRelu(net.convRelu(second, 6, 8), 8, 6);
  const backbone = await importProto(net.model([net.classifier(last, 6, 3)], { shape: ["batch", 3, 8, 8] }));
  const random = seededRandom(2);
  const images = noiseImages(backbone, 75, random);
  const labels = images.map(() => randomInteger(random, 3));
  const train = memorySplit({ images, labels, unreadable: [40] });
  return { backbone, data: { key: { data: "noise" }, images: { train } } };
}

async function newContext() {
  return { cache: new StageCache(await temporaryFolder()), job: silentJob };
}

describe("heads that workers train", () => {
  it.each([
    ["all features at once", 1e9],
    ["features of a cut point at a time", 1],
  ])("are one machine's to the last bit: %s", async (_name, budgetBytes) => {
    const { backbone, data } = await scene();
    const { cutPoints } = backbone.summary;
    expect(cutPoints.length).toBeGreaterThan(2);
    const alone = await newContext();
    const whole = await trainHeads(alone, backbone, data, choices, options, cutPoints, budgetBytes);
    const runner = packingRunner(2);
    const context = { ...(await newContext()), runner };
    const shared = await trainSharedHeads(context, backbone, data, choices, options, cutPoints, {
      budgetBytes,
    });
    expect(runner.begun.length).toBeGreaterThan(1);
    expect(runner.begun.every((kind) => kind === "train")).toBe(true);
    expect(shared.heads.map(({ model }) => encodeModel(model))).toEqual(
      whole.heads.map(({ model }) => encodeModel(model)),
    );
    expect(shared.backboneOnTrain).toEqual(whole.backboneOnTrain);
    expect(await keptHeads(context.cache.folder)).toEqual(await keptHeads(alone.cache.folder));

    // What is there isn't asked for again.
    const again = { ...context, runner: packingRunner(2) };
    await trainSharedHeads(again, backbone, data, choices, options, cutPoints, { budgetBytes });
    expect(again.runner.begun).toEqual([]);
  });

  it("that are there when another share fails stay", async () => {
    const { backbone, data } = await scene();
    const { cutPoints } = backbone.summary;
    const failing = packingRunner(1, (job) => {
      if (job === 1) throw new AppError("out-of-memory", "worker-1: too large");
    });
    const context = await newContext();
    // One after the other, so that the first has ended.
    let before: Promise<unknown> = Promise.resolve();
    const runner = {
      places: failing.places,
      run: ((...given: Parameters<typeof failing.run>) => {
        const result = before.then(() => failing.run(...given));
        before = result.catch(() => {});
        return result;
      }) as typeof failing.run,
    };
    const train = (own: object) =>
      trainSharedHeads({ ...context, ...own }, backbone, data, choices, options, cutPoints);
    await expect(train({ runner })).rejects.toMatchObject({ message: "worker-1: too large" });
    const kept = Object.keys(await keptHeads(context.cache.folder)).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(choices.length * cutPoints.length);
    expect((await train({})).heads).toHaveLength(choices.length * cutPoints.length);
  });
});

/** Models and facts of the heads that a cache holds, by their entries. */
async function keptHeads(folder: string): Promise<Record<string, readonly string[]>> {
  const entries = (await readdir(folder)).filter((name) => name.startsWith("head-"));
  return Object.fromEntries(
    await Promise.all(
      entries.map(async (entry) => {
        const model = hashBytes(await readFile(join(folder, entry, "head.onnx")));
        return [entry, [model, await readFile(join(folder, entry, "head.json"), "utf8")]] as const;
      }),
    ),
  );
}
