import { describe, expect, it } from "vitest";
import { z } from "zod";
import { seededRandom } from "../../../shared/base/random.ts";
import { schemaFields } from "../../../shared/model/schema-fields.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { headKinds } from "../heads/index.ts";
import { encodeModel } from "../onnx/codec.ts";
import { openSession, type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { gradient, parametersOf, standardiseLayer } from "./layers.ts";
import { gradientModel } from "./training-graph.ts";

const rows = 5;
const classes = 3;
const shape = { channels: 2, height: 4, width: 4, classes };

/** float16 bits of a number that float16 holds exactly. */
function halfBits(value: number): number {
  if (value === 0) return 0;
  const sign = value < 0 ? 0x8000 : 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const mantissa = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
  return sign | ((exponent + 15) << 10) | mantissa;
}

/** Few units, whatever a kind calls them: among many some ReLU always has its kink within the step of a difference. */
function smallSizes({ options }: HeadKind): Record<string, number> {
  const fields = schemaFields(z.toJSONSchema(options, { io: "input" }));
  return Object.fromEntries(fields.flatMap(({ key, type }) => (type === "integer" ? [[key, 4]] : [])));
}

describe.each(headKinds)("gradients of $id", (kind) => {
  it("agree with central finite differences", async () => {
    const random = seededRandom(7);
    const width = kind.pooling.width(shape);
    const own = kind.layers(shape, kind.options.parse(smallSizes(kind)));
    const mean = Float32Array.from({ length: width }, () => random() - 0.5);
    const scale = Float32Array.from({ length: width }, () => 0.5 + random());
    const at = own.findIndex((layer) => layer.parameters.some(({ dims }) => dims.length === 2));
    const layers = [...own.slice(0, at), standardiseLayer("standardise", mean, scale), ...own.slice(at)];
    const session = await openSession(
      encodeModel(gradientModel(layers, kind.pooling.outputs, classes, 0.4)),
      {
        threads: 1,
      },
    );
    const feeds: Record<string, RuntimeTensor> = {
      labels: runtimeTensor("int64", BigInt64Array.from([0n, 1n, 2n, 1n, 0n]), [rows]),
      teacher: runtimeTensor(
        "float32",
        Float32Array.from({ length: rows * classes }, () => 2 * random() - 1),
        [rows, classes],
      ),
      "inverse-batch": runtimeTensor("float32", Float32Array.of(1 / rows), []),
    };
    for (const name of kind.pooling.outputs) {
      const bits = Uint16Array.from({ length: rows * width }, () =>
        halfBits(Math.round((random() - 0.5) * 64) / 16),
      );
      feeds[name] = runtimeTensor("float16", bits, [rows, width]);
    }
    const parameters = new Map(
      parametersOf(layers).map((entry) => [entry.name, { ...entry, values: entry.initial(random) }]),
    );
    const run = () =>
      session.run({
        ...feeds,
        ...Object.fromEntries(
          [...parameters.values()].map(({ name, values, dims }) => [
            name,
            runtimeTensor("float32", values, dims),
          ]),
        ),
      });
    const analytic = await run();
    const step = 2e-3;
    for (const { name, values } of parameters.values()) {
      const slopes = analytic[gradient(name)].data as Float32Array;
      for (let index = 0; index < values.length; index += Math.max(1, Math.floor(values.length / 12))) {
        const middle = values[index];
        values[index] = middle + step;
        const above = Number((await run()).loss.data[0]);
        values[index] = middle - step;
        const below = Number((await run()).loss.data[0]);
        values[index] = middle;
        const numeric = (above - below) / (2 * step);
        expect(Math.abs(slopes[index] - numeric), `${name}[${index}]`).toBeLessThan(
          0.01 * Math.max(0.1, Math.abs(numeric)),
        );
      }
      expect(slopes.some((slope) => Math.abs(slope) > 0.01)).toBe(true);
    }
    await session.release();
  });
});
