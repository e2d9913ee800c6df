import { describe, expect, it } from "vitest";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { graph, model, opset, value } from "../onnx/graph-builder.ts";
import { halfBits } from "../onnx/half-float.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { elementCount } from "../onnx/tensors.ts";
import { headShape } from "./head-shape.ts";
import { pooledFeatures } from "./pooled-features.ts";
import { averagePooling, featureWidth, gridPooling, mapPooling, type Pooling } from "./pooling.ts";

type Layout = Pick<CutPoint, "shape" | "layout" | "patches">;

function cutOf(layout: Layout, type: CutPoint["type"] = "float32"): CutPoint {
  const place = {
    index: 0,
    tensor: "t",
    boundary: "t",
    node: "n",
    macs: 1,
    macsShare: 0.5,
    activationBytes: 4,
  };
  return { ...place, ...layout, type };
}

/** Pooled rows of features that count 0, 1, 2, ... through their tensor, one row a sample. */
async function pooled(cut: CutPoint, pooling: Pooling, samples: number, version = 13): Promise<number[][]> {
  const dims = [samples, ...cut.shape.slice(1)];
  const shape = headShape(cut, 2);
  const fragment = pooledFeatures(cut, shape, pooling, "features", "pooled/");
  const names = pooling.outputs.map((name) => `pooled/${name}`);
  const outputs = names.map((name) => value(name, "float32", [samples, ...pooling.dims(shape)]));
  const inputs = [value("features", cut.type, ["batch", ...cut.shape.slice(1)])];
  const proto = { ...model(graph("pool", fragment, inputs, outputs)), opsetImport: [opset(version)] };
  const session = await openSession(encodeModel(proto), { threads: 1 });
  const counting = Float32Array.from({ length: elementCount(dims) }, (_, at) => at);
  const features = cut.type === "float16" ? Uint16Array.from(counting, halfBits) : counting;
  const results = await session.run({ features: runtimeTensor(cut.type, features, dims) });
  await session.release();
  const width = featureWidth(pooling, shape);
  return Array.from({ length: samples }, (_, sample) =>
    names.flatMap((name) => [
      ...(results[name].data as Float32Array).subarray(sample * width, (sample + 1) * width),
    ]),
  );
}

const firstChannels: Layout = { shape: [1, 2, 2, 3], layout: "channels-first" };
const lastChannels: Layout = { shape: [1, 2, 3, 2], layout: "channels-last" };
/** Class token 0, then patches 1-4 of a 2x2 grid, of two channels. */
const tokens: Layout = {
  shape: [1, 5, 2],
  layout: "channels-last",
  patches: { height: 2, width: 2, first: 1 },
};

describe("the mean over positions", () => {
  it.each<[string, Layout, number[][]]>([
    // Channel 0 holds 0-5, channel 1 holds 6-11; the next sample 12 more.
    [
      "a map with channels first",
      firstChannels,
      [
        [2.5, 8.5],
        [14.5, 20.5],
      ],
    ],
    // Channel 0 holds 0 2 4 6 8 10, channel 1 the odd ones.
    [
      "a map with channels last",
      lastChannels,
      [
        [5, 6],
        [17, 18],
      ],
    ],
    // Patches hold 2 4 6 8 and 3 5 7 9; the class token is 0 and 1, and stands behind.
    [
      "tokens with a class token in front",
      tokens,
      [
        [5, 6, 0, 1],
        [15, 16, 10, 11],
      ],
    ],
    [
      "tokens with a class token at the end",
      { ...tokens, patches: { height: 2, width: 2, first: 0 } },
      [
        [3, 4, 8, 9],
        [13, 14, 18, 19],
      ],
    ],
    [
      "tokens that are the patches",
      { shape: [1, 4, 2], layout: "channels-last", patches: { height: 2, width: 2, first: 0 } },
      [
        [3, 4],
        [11, 12],
      ],
    ],
    [
      "tokens of unknown order",
      { shape: [1, 5, 2], layout: "channels-last" },
      [
        [4, 5],
        [14, 15],
      ],
    ],
    // Windows hold 0 2 | 4 6 | 8 10 of channel 0.
    [
      "windows",
      { shape: [1, 3, 2, 2], layout: "channels-last" },
      [
        [5, 6],
        [17, 18],
      ],
    ],
    [
      "tokens with channels first and a class token in front",
      { ...tokens, shape: [1, 2, 5], layout: "channels-first" },
      [
        [2.5, 7.5, 0, 5],
        [12.5, 17.5, 10, 15],
      ],
    ],
  ])("of %s", async (_, layout, expected) => {
    for (const version of [9, 13, 21])
      expect(await pooled(cutOf(layout), averagePooling, 2, version)).toEqual(expected);
    expect(await pooled(cutOf(layout, "float16"), averagePooling, 1)).toEqual([expected[0]]);
  });
});

describe("the grid", () => {
  it("of a map with channels last has the cells of the same map with channels first", async () => {
    // 8 rows of 4 positions of 1 channel: each cell is 2x1 positions, one row apart in a column of 4.
    const cells = Array.from({ length: 16 }, (_, cell) => 8 * Math.floor(cell / 4) + (cell % 4));
    const expected = [...cells.map((first) => first + 4), ...cells.map((first) => first + 2)];
    const first = cutOf({ shape: [1, 1, 8, 4], layout: "channels-first" });
    const last = cutOf({ shape: [1, 8, 4, 1], layout: "channels-last" });
    expect(await pooled(first, gridPooling, 1)).toEqual([expected]);
    expect(await pooled(last, gridPooling, 1)).toEqual([expected]);
  });

  it("lies over the patches as they lie in the image, the class token behind it", async () => {
    // 8x4 patches of one channel behind a class token: token t holds t, and the cells are those above plus one.
    const row = cutOf({
      shape: [1, 33, 1],
      layout: "channels-last",
      patches: { height: 8, width: 4, first: 1 },
    });
    const cells = Array.from({ length: 16 }, (_, cell) => 1 + 8 * Math.floor(cell / 4) + (cell % 4));
    const expected = [...cells.map((first) => first + 4), 0, ...cells.map((first) => first + 2), 0];
    expect(await pooled(row, gridPooling, 1)).toEqual([expected]);
    expect(featureWidth(gridPooling, headShape(row, 2))).toBe(17);
  });

  it("over tokens of unknown order is four stretches of the row", async () => {
    const row = cutOf({ shape: [1, 8, 1], layout: "channels-last" });
    expect(await pooled(row, gridPooling, 1)).toEqual([[1, 3, 5, 7, 0.5, 2.5, 4.5, 6.5]]);
  });
});

describe("the map", () => {
  it("is the cut point's own where it is small enough", async () => {
    expect(await pooled(cutOf(firstChannels), mapPooling(3), 1)).toEqual([
      Array.from({ length: 12 }, (_, at) => at),
    ]);
    // Channel 0 holds the even numbers.
    expect(await pooled(cutOf(lastChannels), mapPooling(8), 1)).toEqual([
      [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11],
    ]);
  });

  it("is averaged in windows that leave nothing out", async () => {
    // A row of 10 at most 4 long: windows three apart, of four, so that the last reaches the end.
    const row = cutOf({ shape: [1, 1, 1, 10], layout: "channels-first" });
    expect(await pooled(row, mapPooling(4), 1)).toEqual([[1.5, 4.5, 7.5]]);
    // 14 at most 8 long: windows of 2.
    const longer = cutOf({ shape: [1, 1, 14, 1], layout: "channels-first" });
    expect(await pooled(longer, mapPooling(8), 1)).toEqual([[0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5]]);
  });

  it("of tokens leaves the class token out", async () => {
    // Channels 0 and 1 of patches 1-4.
    expect(await pooled(cutOf(tokens), mapPooling(8), 1)).toEqual([[2, 4, 6, 8, 3, 5, 7, 9]]);
    expect(mapPooling(8).dims(headShape(cutOf(tokens), 2))).toEqual([2, 2, 2]);
  });
});
