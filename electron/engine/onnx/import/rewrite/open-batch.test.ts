import { expect, test } from "vitest";
import { seededRandom } from "../../../../../shared/base/random.ts";
import { encodeModel } from "../../codec.ts";
import type { GraphModel } from "../../graph-model.ts";
import { floatValues, openSession, runtimeTensor } from "../../runtime.ts";
import { intTensor, numbersTensor } from "../../tensors.ts";
import { importProto } from "../../testing/test-backbone.ts";
import { TestGraph } from "../../testing/test-graphs.ts";

const batch = 4;
const [side, channels, patches] = [8, 4, 64];

/** A network for exactly four images: patches of the image, [4, 64, 4], pass through `middle` and a classifier. */
function fourImages(middle: (net: TestGraph, tokens: string) => string): GraphModel {
  const net = new TestGraph();
  const stem = net.convRelu("image", 3, channels);
  const tokens = net.add("Transpose", [reshape(net, stem, [batch, channels, patches])], { perm: [0, 2, 1] });
  const mixed = net.add("Relu", [
    net.add("MatMul", [middle(net, tokens), net.weights([channels, channels])]),
  ]);
  const pooled = net.add("ReduceMean", [mixed], { axes: [1], keepdims: 0 });
  return net.model([net.add("Gemm", [pooled, net.weights([channels, 5])])], {
    shape: [batch, 3, side, side],
  });
}

function reshape(net: TestGraph, from: string, dims: readonly number[]): string {
  return net.add("Reshape", [from, net.constant(intTensor(`dims of ${from}`, dims))]);
}

/** What one token holds, once for each of four images: [4, 1, 4]. */
function tokenForEach(net: TestGraph): string {
  const row = [0.5, -1, 2, 0.25];
  const values = Float32Array.from([...row, ...row, ...row, ...row]);
  return net.constant(numbersTensor("token", "float32", values, [batch, 1, channels]));
}

async function scoresOf(proto: GraphModel, images: Float32Array): Promise<number[]> {
  const session = await openSession(encodeModel(proto));
  const count = images.length / (3 * side * side);
  const results = await session.run({ image: runtimeTensor("float32", images, [count, 3, side, side]) });
  return Array.from(floatValues(results[proto.graph.output[0].name]));
}

test.each<[string, (net: TestGraph, tokens: string) => string]>([
  [
    "a class token stored once for each image",
    (net, tokens) => net.add("Concat", [tokenForEach(net), tokens], { axis: 1 }),
  ],
  [
    "a class token expanded to as many as there are images",
    (net, tokens) => {
      const shape = net.constant(intTensor("repeats", [batch, 1, 1]));
      const token = net.add("Expand", [net.weights([1, 1, channels]), shape]);
      return net.add("Concat", [token, tokens], { axis: 1 });
    },
  ],
  [
    "rows of any number whose length is a multiple of the batch",
    (net, tokens) => reshape(net, reshape(net, tokens, [-1, channels]), [batch, patches, channels]),
  ],
  ["positions stored once for each image", (net, tokens) => net.add("Add", [tokens, tokenForEach(net)])],
  [
    "features expanded to the shape of others",
    (net, tokens) => {
      const mean = net.add("ReduceMean", [tokens], { axes: [1], keepdims: 1 });
      const shape = net.constant(intTensor("like tokens", [batch, patches, channels]));
      return net.add("Mul", [tokens, net.add("Expand", [mean, shape])]);
    },
  ],
  [
    "windows, so many rows for each image",
    (net, tokens) => {
      const windows = reshape(net, tokens, [batch * 16, 4, -1]);
      const gates = net.add("Softmax", [windows], { axis: 1 });
      return reshape(net, net.add("Mul", [windows, gates]), [batch, patches, channels]);
    },
  ],
  [
    "positions before images",
    (net, tokens) => {
      const first = net.add("Transpose", [tokens], { perm: [1, 0, 2] });
      const odd = net.add("Slice", [
        first,
        ...[[0], [63], [0]].map((ints, at) => net.constant(intTensor(`slice${at}`, ints))),
      ]);
      const heads = reshape(net, odd, [63, batch * 2, 2]);
      const whole = reshape(net, net.add("Softmax", [heads], { axis: 0 }), [63, batch, channels]);
      return net.add("Transpose", [whole], { perm: [1, 0, 2] });
    },
  ],
])("a fixed batch is opened where there are %s", async (_, middle) => {
  const { summary, proto } = await importProto(fourImages(middle));
  expect(summary.input.dynamicBatch).toBe(true);
  const random = seededRandom(3);
  const images = Float32Array.from({ length: batch * 3 * side * side }, () => random() - 0.5);
  const together = await scoresOf(fourImages(middle), images);
  expect(together).toHaveLength(batch * 5);
  const opened = [
    ...(await scoresOf(proto, images.subarray(0, 3 * 192))),
    ...(await scoresOf(proto, images.subarray(3 * 192))),
  ];
  for (const [at, score] of opened.entries()) expect(score).toBeCloseTo(together[at], 4);
});

test("a graph that would mix the images is refused", async () => {
  // Read as 4 rows for each image, these are 16 positions of all of them.
  const mixing = fourImages((net, tokens) => {
    const first = net.add("Transpose", [tokens], { perm: [1, 0, 2] });
    const rows = reshape(net, first, [16, 16, channels]);
    return reshape(net, rows, [batch, patches, channels]);
  });
  await expect(importProto(mixing)).rejects.toMatchObject({
    code: "model-unsupported",
    message: expect.stringMatching(/takes exactly 4 images at once, and its graph can't be brought to one/),
  });
});
