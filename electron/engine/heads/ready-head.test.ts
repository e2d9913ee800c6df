import { expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { encodeModel } from "../onnx/codec.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { importProto, noiseImages, viewTensors } from "../onnx/testing/test-backbone.ts";
import { TestGraph } from "../onnx/testing/test-graphs.ts";
import { readyHeads } from "./ready-head.ts";

function softmax(net: TestGraph, logits: string): string {
  return net.add("Softmax", [logits], { axis: 1 });
}

it.each([
  ["logits", (_: TestGraph, logits: string) => logits],
  ["a Softmax", softmax],
  [
    "a Softmax that is passed on",
    (net: TestGraph, logits: string) => net.add("Identity", [softmax(net, logits)]),
  ],
])("a classifier that ends in %s gives its logits", async (_, ending) => {
  const net = new TestGraph();
  const first = net.convRelu("image", 3, 4);
  const logits = net.classifier(first, 4, 5);
  const second = net.convRelu(net.convRelu(first, 4, 4), 4, 4);
  const main = net.classifier(second, 4, 5);
  const output = ending(net, logits);
  const backbone = await importProto(net.model([main, output]));
  const [head, ...others] = readyHeads(backbone);
  expect(others).toEqual([]);
  expect(head).toMatchObject({ cutPoint: first, macs: 20, bytes: 80 });

  const view = await viewTensors(backbone, [first, ...(output === logits ? [] : [logits])]);
  const session = await openSession(encodeModel(head.model));
  for (const image of noiseImages(backbone, 3, seededRandom(3))) {
    const seen = await view.of(image);
    const features = runtimeTensor("float32", seen[first], [1, 4, 8, 8]);
    const results = await session.run({ [session.inputNames[0]]: features });
    const own = Array.from(results[session.outputNames[0]].data as Float32Array);
    own.forEach((value, at) => {
      expect(value).toBeCloseTo(seen[logits][at], 5);
    });
  }
  await session.release();
  await view.release();
});
