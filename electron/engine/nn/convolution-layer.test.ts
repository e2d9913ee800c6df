import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { encodeModel } from "../onnx/codec.ts";
import { graph, model, value } from "../onnx/graph-builder.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { type Convolution, convolutionLayer, convolvedSides } from "./convolution-layer.ts";
import { deployedLayer, linearLayer, parametersOf, reluLayer, statisticsOf } from "./layers.ts";
import { mixedPoolLayer, mixedPoolWidth } from "./mixed-pool-layer.ts";
import { checkGradients } from "./testing/check-gradients.ts";

const base = { channels: 2, filters: 3, height: 5, width: 4, kernel: 3, stride: 1 } as const;
const convolutions: readonly (readonly [string, Convolution])[] = [
  ["of every place", base],
  ["of every second place, an odd and an even side", { ...base, stride: 2 }],
  ["of every second place, even sides", { ...base, height: 4, stride: 2 }],
  ["of a filter per channel", { ...base, filters: 2, depthwise: true }],
  ["of a filter per channel and every second place", { ...base, filters: 2, stride: 2, depthwise: true }],
  ["of single places", { ...base, kernel: 1 }],
  ["of a map that is a point", { ...base, height: 1, width: 1, stride: 2 }],
];

describe.each(convolutions)("the gradients of a convolution %s", (_what, convolution) => {
  it("agree with finite differences, those of the layer before it too", async () => {
    const { channels, height, width } = convolution;
    const pool = { channels: convolution.filters, ...convolvedSides(convolution), grid: 2 };
    const layers = [
      convolutionLayer("first", {
        ...convolution,
        filters: channels,
        kernel: 1,
        stride: 1,
        depthwise: false,
      }),
      convolutionLayer("second", convolution),
      reluLayer("relu"),
      mixedPoolLayer("mix", pool),
      linearLayer("linear", mixedPoolWidth(pool), 3),
    ];
    await checkGradients(layers, [{ name: "map", dims: [channels, height, width] }]);
  });
});

describe.each(convolutions)("a convolution %s, deployed", (_what, convolution) => {
  it("is the plain sum of its definition, normalised by the statistics that training kept", async () => {
    const { channels, filters, height, width, kernel, stride, depthwise = false } = convolution;
    const random = seededRandom(5);
    const layer = convolutionLayer("layer", convolution);
    const values = new Map(
      [...parametersOf([layer]), ...statisticsOf([layer])].map(({ name, dims, initial }) => [
        name,
        // Gains, variances: positive.
        dims.length === 4 && dims[0] === 1
          ? Float32Array.from({ length: filters }, () => 0.5 + random())
          : initial(random),
      ]),
    );
    const fragment = deployedLayer(layer, { inputs: ["map"], output: "result" }, values);
    expect(fragment.nodes.map(({ opType }) => opType)).toEqual(["Conv"]);
    const sides = convolvedSides(convolution);
    const proto = model(
      graph(
        "g",
        fragment,
        [value("map", "float32", [1, channels, height, width])],
        [value("result", "float32")],
      ),
    );
    const session = await openSession(encodeModel(proto), { threads: 1 });
    const map = Float32Array.from({ length: channels * height * width }, () => random() - 0.5);
    const { result } = await session.run({
      map: runtimeTensor("float32", map, [1, channels, height, width]),
    });
    await session.release();
    expect(result.dims).toEqual([1, filters, sides.height, sides.width]);
    const pixel = (channel: number, row: number, column: number) =>
      row < 0 || column < 0 || row >= height || column >= width
        ? 0
        : map[(channel * height + row) * width + column];
    const of = (part: string) => values.get(`layer/${part}`)!;
    const inputs = depthwise ? 1 : channels;
    let multiplications = 0;
    for (let filter = 0; filter < filters; filter++)
      for (let row = 0; row < sides.height; row++)
        for (let column = 0; column < sides.width; column++) {
          let sum = 0;
          for (let input = 0; input < inputs; input++)
            for (let down = 0; down < kernel; down++)
              for (let right = 0; right < kernel; right++) {
                const weight = of("weight")[((filter * inputs + input) * kernel + down) * kernel + right];
                const from = (kernel - 1) / 2;
                multiplications++;
                sum +=
                  weight *
                  pixel(
                    depthwise ? filter : input,
                    row * stride + down - from,
                    column * stride + right - from,
                  );
              }
          const normal = (sum - of("mean")[filter]) / Math.sqrt(of("variance")[filter] + 1e-5);
          const expected = normal * of("gain")[filter] + of("offset")[filter];
          const place = (filter * sides.height + row) * sides.width + column;
          expect(Math.abs(Number(result.data[place]) - expected)).toBeLessThan(1e-5);
        }
    expect(layer.macs).toBe(multiplications);
  });
});
