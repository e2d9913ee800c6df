import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import { macsOf, parametersOf, statisticsOf } from "../nn/layers.ts";
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
    // 8x8 places of 16 x 9 to 64, 4x4 of 64 x 9 to 64, then 64 to 10.
    ["two convolutions", 16, 32, {}, 8 * 8 * 144 * 64 + 4 * 4 * 576 * 64 + 640, 144 * 64 + 576 * 64 + 128],
    // A map of 16x16 is halved at once, to 8x8 and 4x4.
    ["of a larger map", 16, 32, { side: 16 }, 64 * 144 * 64 + 16 * 576 * 64 + 640, 144 * 64 + 576 * 64 + 128],
    ["a single one", 64, 8, { depth: 1, width: 32 }, 64 * 576 * 32 + 320, 576 * 32 + 32],
    // 9 per channel and place, then 16 to 64 and 64 to 64.
    [
      "separable ones",
      16,
      32,
      { separable: true },
      64 * 16 * (9 + 64) + 16 * 64 * (9 + 64) + 640,
      16 * 9 + 16 + 16 * 64 + 64 + 64 * 9 + 64 + 64 * 64 + 64,
    ],
  ])("are those of %s", (_what, channels, side, options, macs, weights) => {
    const head = headOf(cutOf(channels, side), options);
    expect(head.macs).toBe(macs);
    const last = 10 * (("width" in options ? options.width : 64) + 1);
    expect(head.bytes).toBe(4 * (weights + last));
    expect(
      macsOf(convolution.layers(headShape(cutOf(channels, side), 10), convolution.options.parse(options))),
    ).toBe(macs);
  });
});

it("is deployed as plain convolutions, without its batch norms", () => {
  const operators = (head: ReturnType<typeof headOf>) => head.model.graph.node.map(({ opType }) => opType);
  const end = ["GlobalAveragePool", "Flatten", "Gemm"];
  expect(operators(headOf(cutOf(16, 32), {}))).toEqual([
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
  expect(headOf(cutOf(8, 1), {}).macs).toBe(72 * 64 + 576 * 64 + 640);
  expect(headOf(cutOf(8, 1, 16), { depth: 1 }).macs).toBe(8 * 72 * 64 + 640);
});
