import { expect } from "vitest";
import { seededRandom } from "../../../../shared/base/random.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { halfBits } from "../../onnx/half-float.ts";
import { openSession, type RuntimeTensor, runtimeTensor } from "../../onnx/runtime.ts";
import { elementCount } from "../../onnx/tensors.ts";
import { gradient, type Layer, parametersOf } from "../layers.ts";
import { type FeatureInput, gradientModel } from "../training-graph.ts";

const rows = 5;
const classes = 3;
const step = 3e-4;

/** Batch, random labels and teacher apart; features are multiples of 1/16, which float16 holds exactly. */
function feedsOf(features: readonly FeatureInput[], random: () => number): Record<string, RuntimeTensor> {
  const teacher = Float32Array.from({ length: rows * classes }, () => 2 * random() - 1);
  const feeds: Record<string, RuntimeTensor> = {
    labels: runtimeTensor("int64", BigInt64Array.from([0n, 1n, 2n, 1n, 0n]), [rows]),
    teacher: runtimeTensor("float32", teacher, [rows, classes]),
    "inverse-batch": runtimeTensor("float32", Float32Array.of(1 / rows), []),
  };
  for (const { name, dims } of features) {
    const bits = Uint16Array.from({ length: rows * elementCount(dims) }, () =>
      halfBits(Math.round((random() - 0.5) * 64) / 16),
    );
    feeds[name] = runtimeTensor("float16", bits, [rows, ...dims]);
  }
  return feeds;
}

/**
 * Compares a stack's gradients with central finite differences, a dozen of each parameter; where a ReLU has its kink within
 * the step they differ a little. The stack ends in three logits.
 */
export async function checkGradients(
  layers: readonly Layer[],
  features: readonly FeatureInput[],
): Promise<void> {
  const random = seededRandom(7);
  const session = await openSession(encodeModel(gradientModel(layers, features, classes, 0.4)), {
    threads: 1,
  });
  const feeds = feedsOf(features, random);
  const parameters = parametersOf(layers).map(({ name, dims, initial }) => ({
    name,
    dims,
    values: initial(random),
  }));
  const run = () =>
    session.run({
      ...feeds,
      ...Object.fromEntries(
        parameters.map(({ name, values, dims }) => [name, runtimeTensor("float32", values, dims)]),
      ),
    });
  const lossWith = async (values: Float32Array, index: number, value: number) => {
    const middle = values[index];
    values[index] = value;
    const loss = Number((await run()).loss.data[0]);
    values[index] = middle;
    return loss;
  };
  const analytic = await run();
  for (const { name, values } of parameters) {
    const slopes = analytic[gradient(name)].data as Float32Array;
    for (let index = 0; index < values.length; index += Math.max(1, Math.floor(values.length / 12))) {
      const above = await lossWith(values, index, values[index] + step);
      const below = await lossWith(values, index, values[index] - step);
      const numeric = (above - below) / (2 * step);
      expect(Math.abs(slopes[index] - numeric), `${name}[${index}]`).toBeLessThan(
        0.02 * Math.max(0.1, Math.abs(numeric)),
      );
    }
  }
  // Of a single parameter they may all be zero: what shifts the input of a batch norm changes nothing, say.
  for (const { name, parameters: own } of layers) {
    const slopes = own.flatMap((parameter) => [...(analytic[gradient(parameter.name)].data as Float32Array)]);
    if (own.length > 1) expect(Math.max(...slopes.map(Math.abs)), name).toBeGreaterThan(0.002);
  }
  await session.release();
}
