import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import { parametersOf, statisticsOf } from "../nn/layers.ts";
import { convolution } from "./convolution.ts";
import { buildHead } from "./head.ts";
import { headShape } from "./head-shape.ts";

function cutOf(channels: number, height: number, width = height): CutPoint {
  const place = { index: 0, tensor: "t", boundary: "t", node: "n", macs: 1, macsShare: 0.5 };
  const map = { shape: [1, channels, height, width], layout: "channels-first", type: "float32" } as const;
  return { ...place, ...map, activationBytes: 4 * channels * height * width };
}

function headOf(cut: CutPoint, given: object) {
  const options = convolution.options.parse(given);
  const layers = convolution.layers(headShape(cut, 10), options);
  const random = seededRandom(1);
  const values = [...parametersOf(layers), ...statisticsOf(layers)].map(
    ({ name, initial }) => [name, initial(random)] as const,
  );
  return buildHead(cut, 10, convolution, options, new Map(values));
}

describe("multiplications and bytes", () => {
  it.each([
    // 16x16 places of 16 x 9 to 32, 8x8 of 32 x 9 to 32, then 4x4 x 32 to 10.
    ["two convolutions", 16, 32, {}, 256 * 144 * 32 + 64 * 288 * 32 + 5120, 144 * 32 + 288 * 32 + 64 + 5120],
    // Of a map that is averaged to 8x8 every place is visited.
    ["a smaller map", 16, 32, { side: 8 }, 64 * (144 + 288) * 32 + 5120, 144 * 32 + 288 * 32 + 64 + 5120],
    ["a single one", 64, 8, { depth: 1, width: 16, grid: 1 }, 64 * 576 * 16 + 160, 576 * 16 + 16 + 160],
    // 9 per channel and place, then 16 to 32 and 32 to 32.
    [
      "separable ones",
      16,
      32,
      { separable: true },
      256 * 16 * (9 + 32) + 64 * 32 * (9 + 32) + 5120,
      16 * 9 + 16 + 16 * 32 + 32 + 32 * 9 + 32 + 32 * 32 + 32 + 5120,
    ],
  ])("are those of %s", (_what, channels, side, options, macs, weights) => {
    const head = headOf(cutOf(channels, side), options);
    expect(head.macs).toBe(macs);
    // The biases of ten classes, and the share of the maxima.
    expect(head.bytes).toBe(4 * (weights + 10 + 1));
  });
});

it("is deployed as plain convolutions, without its batch norms", () => {
  const operators = (head: ReturnType<typeof headOf>) => head.model.graph.node.map(({ opType }) => opType);
  const end = ["MaxPool", "AveragePool", "Sub", "Mul", "Add", "Flatten", "Gemm"];
  expect(operators(headOf(cutOf(16, 64), {}))).toEqual([
    "Cast",
    "AveragePool",
    "Conv",
    "Relu",
    "Conv",
    "Relu",
    ...end,
  ]);
  expect(operators(headOf(cutOf(64, 8), { depth: 1 }))).toEqual(["Cast", "Identity", "Conv", "Relu", ...end]);
});

it("works on maps that are a line or a point", () => {
  expect(headOf(cutOf(8, 1), {}).macs).toBe(72 * 32 + 288 * 32 + 320);
  expect(headOf(cutOf(8, 1, 16), { depth: 1 }).macs).toBe(8 * 72 * 32 + 4 * 320);
});
