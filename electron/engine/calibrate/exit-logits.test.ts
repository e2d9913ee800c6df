import { beforeAll, describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { untrainedHeads } from "../heads/head.ts";
import { headKinds } from "../heads/index.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { importProto, noiseImages, viewTensors } from "../onnx/testing/test-backbone.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { computeExitLogits, readLabels, readLogits } from "./exit-logits.ts";

let dynamic: Backbone;
let fixed: Backbone;

beforeAll(async () => {
  dynamic = await importProto(residualNet(3, ["batch", 3, 8, 8]));
  fixed = await importProto(residualNet(3));
});

/** 35 images, more than one batch, the ninth of which can't be read. */
function testSet(backbone: Backbone) {
  const images = noiseImages(backbone, 35, seededRandom(5));
  return { images, labels: images.map((_, row) => row % 5), unreadable: [8] };
}

const choices = headKinds.map((kind) => ({ kind, options: kind.options.parse({}) }));

describe("logits of all exits in one pass", () => {
  it.each([
    ["many images at once", () => dynamic],
    ["one image at a time", () => fixed],
  ])("are those of the exits run one by one: %s", async (_name, backboneOf) => {
    const backbone = backboneOf();
    const { summary } = backbone;
    const heads = untrainedHeads(backbone, choices);
    expect(heads).toHaveLength(3 * headKinds.length);
    const set = testSet(backbone);
    const folder = await temporaryFolder();
    await computeExitLogits(backbone, heads, memorySplit(set), folder, silentJob);

    const readable = set.images.filter((_, row) => row !== 8);
    const kept = set.labels.filter((_, row) => row !== 8);
    expect([...(await readLabels(folder))]).toEqual(kept);
    const view = await viewTensors(
      backbone,
      summary.cutPoints.map(({ tensor }) => tensor),
    );
    const tensors = [];
    for (const image of readable) tensors.push(await view.of(image));
    await view.release();
    for (const [row, head] of heads.entries()) {
      const { tensor, shape } = cutPointByTensor(summary, head.cutPoint);
      const session = await openSession(encodeModel(head.model));
      const found = await readLogits(folder, row);
      expect(found).toHaveLength(5 * readable.length);
      for (const [sample, values] of tensors.entries()) {
        const { logits } = await session.run({ features: runtimeTensor("float32", values[tensor], shape) });
        expectClose(found.subarray(5 * sample, 5 * sample + 5), logits.data as Float32Array);
      }
      await session.release();
    }
    const own = await readLogits(folder, heads.length);
    for (const [sample, values] of tensors.entries())
      expectClose(own.subarray(5 * sample, 5 * sample + 5), values[summary.output.name]);
  });

  it("need no heads", async () => {
    const folder = await temporaryFolder();
    await computeExitLogits(dynamic, [], memorySplit(testSet(dynamic)), folder, silentJob);
    expect(await readLogits(folder, 0)).toHaveLength(5 * 34);
  });
});

function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found).toHaveLength(expected.length);
  for (const [index, value] of expected.entries())
    expect(Math.abs(found[index] - value)).toBeLessThan(1e-4 * (1 + Math.abs(value)));
}
