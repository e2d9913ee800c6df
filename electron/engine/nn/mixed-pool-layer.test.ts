import { expect, it } from "vitest";
import { encodeModel } from "../onnx/codec.ts";
import { graph, model, value } from "../onnx/graph-builder.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { convolutionLayer } from "./convolution-layer.ts";
import { deployedLayer, linearLayer } from "./layers.ts";
import { mixedPoolLayer, mixedPoolWidth } from "./mixed-pool-layer.ts";
import { checkGradients } from "./testing/check-gradients.ts";

it("mixes maximum and mean of cells, the last of which may be smaller", async () => {
  const pool = { channels: 1, height: 2, width: 5, grid: 2 };
  const layer = mixedPoolLayer("mix", pool);
  const fragment = deployedLayer(
    layer,
    { inputs: ["map"], output: "flat" },
    new Map([["mix/share", Float32Array.of(0.25)]]),
  );
  const proto = model(
    graph("g", fragment, [value("map", "float32", [1, 1, 2, 5])], [value("flat", "float32")]),
  );
  const session = await openSession(encodeModel(proto), { threads: 1 });
  const map = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  const { flat } = await session.run({ map: runtimeTensor("float32", map, [1, 1, 2, 5]) });
  await session.release();
  // Rows are cells of one, columns cells of three and two: maxima 2 4 7 9, means 1 3.5 6 8.5.
  expect([...(flat.data as Float32Array)]).toEqual([1.25, 3.625, 6.25, 8.625]);
  expect(mixedPoolWidth(pool)).toBe(4);
});

it("has no more cells than the map has places", () => {
  expect(mixedPoolWidth({ channels: 3, height: 1, width: 5, grid: 4 })).toBe(3 * 3);
});

it.each([
  ["that divide the map", 4, 4, 2],
  ["of which the last are smaller", 5, 3, 2],
  ["that are all of it", 3, 4, 1],
])("has the gradients of finite differences with cells %s", async (_what, height, width, grid) => {
  const pool = { channels: 2, height, width, grid };
  const single = { channels: 2, filters: 2, height, width, kernel: 1, stride: 1 } as const;
  const layers = [
    convolutionLayer("before", single),
    mixedPoolLayer("mix", pool),
    linearLayer("linear", mixedPoolWidth(pool), 3),
  ];
  await checkGradients(layers, [{ name: "map", dims: [2, height, width] }]);
});
