import { expect, it } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../../shared/model/backbone.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { graph, model, node, value } from "../../onnx/graph-builder.ts";
import { openSession } from "../../onnx/runtime.ts";
import { floatTensor, intTensor } from "../../onnx/tensors.ts";
import type { ImageSplit } from "./image-split.ts";
import { runImages } from "./run-images.ts";

/** All that running images needs to know. */
const summary = {
  input: {
    name: "image",
    type: "float32",
    layout: "NCHW",
    channels: 1,
    height: 1,
    width: 1,
    dynamicBatch: true,
  },
  macs: 1,
  peakActivationBytes: 4,
} as BackboneSummary;

/** Images of one pixel. */
function pixels(...values: readonly number[]): ImageSplit {
  return {
    count: values.length,
    unreadable: 0,
    async *batches() {
      for (const each of values)
        yield {
          images: Float32Array.of(each),
          labels: Int32Array.of(0),
          indices: Int32Array.of(0),
          skipped: [],
        };
    },
  } as unknown as ImageSplit;
}

/** What a graph from `image` to `result` gives for each image. */
async function resultsOf(nodes: ReturnType<typeof node>[], type: string, split: ImageSplit): Promise<number> {
  const initializers = [floatTensor("one", Float32Array.of(1), []), intTensor("row", [1])];
  const image = value("image", "float32", ["N", 1, 1, 1]);
  const session = await openSession(
    encodeModel(model(graph("test", { nodes, initializers }, [image], [value("result", type)]))),
  );
  let rows = 0;
  try {
    for await (const batch of runImages(session, summary, split, silentJob)) rows += batch.rows;
  } finally {
    await session.release();
  }
  return rows;
}

const root = [node("Sqrt", ["image"], ["result"])];
const halfRoot = [node("Sqrt", ["image"], ["root"]), node("Cast", ["root"], ["result"], { to: 10 })];

it("refuses what is no number, of whole and half floats, and nothing else", async () => {
  expect(await resultsOf(root, "float32", pixels(0, 4, 1e30))).toBe(3);
  expect(await resultsOf(halfRoot, "float16", pixels(0, 4, 65504 ** 2))).toBe(3);
  const refused = {
    code: "model-unsupported",
    message:
      "the network gives values that are no finite numbers for an image of the data set (in result); check the " +
      "preprocessing, or export the network again in float32",
  };
  await expect(resultsOf(root, "float32", pixels(4, -1))).rejects.toMatchObject(refused);
  await expect(resultsOf(halfRoot, "float16", pixels(4, -1))).rejects.toMatchObject(refused);
  await expect(resultsOf(halfRoot, "float16", pixels(1e30))).rejects.toMatchObject(refused);
});

it("says in a line where a network fails on one image that took others", async () => {
  const nodes = [
    node("Cast", ["image"], ["index"], { to: 7 }),
    node("Reshape", ["one", "row"], ["table"]),
    node("Gather", ["table", "index"], ["result"]),
  ];
  expect(await resultsOf(nodes, "float32", pixels(0, 0))).toBe(2);
  await expect(resultsOf(nodes, "float32", pixels(0, 5))).rejects.toMatchObject({
    code: "model-unsupported",
    message: expect.stringMatching(
      /^ONNX Runtime failed while running the network on an image: .*Gather.*idx=5/,
    ),
  });
});
