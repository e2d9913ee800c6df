import type { Pooling } from "../heads/pooling.ts";
import { encodeModel } from "../onnx/codec.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { floatTensor } from "../onnx/tensors.ts";
import type { FeatureReader } from "./feature-store.ts";

/** y = (x - mean) * scale makes features of mean 0 and variance 1; both [width]. */
export interface Standardisation {
  readonly mean: Float32Array;
  readonly scale: Float32Array;
}

const sampleRows = 4096;

/** Mean and inverse deviation of the pooled features (their average, where there are several), over the first rows. */
export async function standardisation(reader: FeatureReader, pooling: Pooling): Promise<Standardisation> {
  const window = reader.window(0);
  const rows = Math.min(sampleRows, window.rows);
  const session = await openSession(encodeModel(statisticsModel(pooling)));
  try {
    const feeds = pooling.outputs.map((name, index) => {
      const width = reader.widths[index];
      return [
        name,
        runtimeTensor("float16", window.features[index].subarray(0, rows * width), [rows, width]),
      ] as const;
    });
    const results = await session.run(Object.fromEntries(feeds));
    const [mean, scale] = [results["statistics/mean"], results["statistics/scale"]];
    return { mean: (mean.data as Float32Array).slice(), scale: (scale.data as Float32Array).slice() };
  } finally {
    await session.release();
  }
}

/** Its inputs have the names of the pooling's results, so its own tensors get a prefix. */
function statisticsModel(pooling: Pooling) {
  const own = (name: string) => `statistics/${name}`;
  const step = (operator: string, inputs: readonly string[], output: string) =>
    node(operator, inputs.map(own), [own(output)]);
  const meanOfRows = (input: string, output: string) =>
    node("ReduceMean", [own(input)], [own(output)], { axes: [0], keepdims: 0 });
  const casts = pooling.outputs.map((name) => node("Cast", [name], [own(`${name}/float`)], { to: 1 }));
  const nodes = [
    ...casts,
    step(
      "Sum",
      pooling.outputs.map((name) => `${name}/float`),
      "total",
    ),
    step("Mul", ["total", "share"], "average"),
    meanOfRows("average", "mean"),
    step("Sub", ["average", "mean"], "centred"),
    step("Mul", ["centred", "centred"], "squares"),
    meanOfRows("squares", "variance"),
    // Cells that hardly ever differ from zero must not be amplified: the floor is a fraction of the typical variance.
    meanOfRows("variance", "typical"),
    step("Mul", ["typical", "floor-share"], "floor"),
    step("Add", ["variance", "floor"], "safe"),
    step("Add", ["safe", "tiny"], "positive"),
    step("Sqrt", ["positive"], "deviation"),
    step("Reciprocal", ["deviation"], "scale"),
  ];
  const initializers = [
    floatTensor(own("share"), [1 / pooling.outputs.length], []),
    floatTensor(own("floor-share"), [0.05], []),
    floatTensor(own("tiny"), [1e-12], []),
  ];
  return model(
    graph(
      "statistics",
      { nodes, initializers },
      pooling.outputs.map((name) => value(name, "float16", ["rows", "width"])),
      [value("statistics/mean", "float32", ["width"]), value("statistics/scale", "float32", ["width"])],
    ),
  );
}
