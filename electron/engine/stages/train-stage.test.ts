import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { randomInteger, seededRandom } from "../../../shared/base/random.ts";
import type { HeadCurve } from "../../../shared/model/head-curve.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { convolution } from "../heads/convolution.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { headKey } from "../heads/head.ts";
import type { HeadChoice, HeadKind } from "../heads/head-kind.ts";
import { importProto, noiseImages } from "../onnx/testing/test-backbone.ts";
import { TestGraph } from "../onnx/testing/test-graphs.ts";
import type { LoadedData } from "./load-data.ts";
import { trainHeads } from "./train-stage.ts";

/** Two convolutions with a cut point behind each. */
async function scene() {
  const net = new TestGraph();
  const first = net.convRelu("image", 3, 4);
  const last = net.convRelu(net.convRelu(first, 4, 6, { stride: 2 }), 6, 6);
  const backbone = await importProto(net.model([net.classifier(last, 6, 3)], { shape: ["batch", 3, 8, 8] }));
  const random = seededRandom(2);
  const images = noiseImages(backbone, 40, random);
  const train = memorySplit({ images, labels: images.map(() => randomInteger(random, 3)) });
  return { backbone, data: { key: { data: "noise" }, images: { train } } as unknown as LoadedData };
}

const choices: HeadChoice[] = [gapLinear, convolution].map((kind) => ({
  kind: kind as HeadKind,
  options: kind.options.parse({}) as Record<string, unknown>,
}));
const options = trainOptionsSchema.parse({ epochs: 2, batchSize: 16, copies: 1 });

it("learns the same heads group by group, and leaves no features behind", async () => {
  const { backbone, data } = await scene();
  expect(backbone.summary.cutPoints.length).toBeGreaterThan(1);
  const train = async (budgetBytes: number) => {
    const folder = await temporaryFolder();
    const context = { cache: new StageCache(folder), job: silentJob };
    const { heads } = await trainHeads(context, backbone, data, choices, options, undefined, budgetBytes);
    const stores = (await readdir(folder)).filter((name) => name.startsWith("features-"));
    return { keys: heads.map(headKey), stores: stores.length };
  };
  const [whole, parted] = [await train(1e9), await train(1)];
  expect(whole.keys).toHaveLength(2 * backbone.summary.cutPoints.length);
  expect(parted.keys).toEqual(whole.keys);
  expect([whole.stores, parted.stores]).toEqual([1, 0]);
});

it("takes heads that are there from the cache, whatever else is trained", async () => {
  const { backbone, data } = await scene();
  const context = { cache: new StageCache(await temporaryFolder()), job: silentJob };
  const [first] = backbone.summary.cutPoints;
  const trained = await trainHeads(context, backbone, data, choices, options, [first]);
  const notes: (string | undefined)[] = [];
  const job = { ...silentJob, report: (_done: number, _total: number, note?: string) => notes.push(note) };
  const again = await trainHeads({ ...context, job }, backbone, data, choices, options, [first]);
  expect(again.heads.map(({ kind }) => kind)).toEqual(["gap-linear", "convolution"]);
  // Nothing but the heads themselves is reported: no step of any training.
  expect(notes).toEqual(["head 1 of 2", "head 2 of 2"]);
  expect(again.curves).toEqual(trained.curves);
  expect(again.curves.map(({ kind, epochs }) => [kind, epochs.length])).toEqual([
    ["gap-linear", 2],
    ["convolution", 2],
  ]);
});

it("shows heads as they learn, and those that were kept as they learnt", async () => {
  const { backbone, data } = await scene();
  const context = { cache: new StageCache(await temporaryFolder()), job: silentJob };
  const [{ tensor }] = backbone.summary.cutPoints;
  const watched = async () => {
    const seen: string[] = [];
    const onCurve = ({ cutPoint, kind, epochs }: HeadCurve) =>
      seen.push(`${cutPoint === tensor ? "first" : "last"} ${kind} ${epochs.length}`);
    const [kind] = choices;
    await trainHeads(context, backbone, data, [kind], options, undefined, undefined, { onCurve });
    return seen;
  };
  const whole = ["first gap-linear 2", "last gap-linear 2"];
  expect(await watched()).toEqual([
    ...["first gap-linear 1", "first gap-linear 2", whole[0]],
    ...["last gap-linear 1", "last gap-linear 2", whole[1]],
  ]);
  expect(await watched()).toEqual(whole);
});
