import type { Standardisation } from "../nn/layers.ts";
import { encodeModel } from "../onnx/codec.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { floatTensor } from "../onnx/tensors.ts";
import type { FeatureReader } from "./feature-store.ts";

const sampleRows = 4096;

/** Mean and inverse deviation of the pooled features (their average, where there are several), over the first rows. */
export async function standardisation(
  reader: FeatureReader,
  outputs: readonly string[],
): Promise<Standardisation> {
  const window = reader.window(0);
  const rows = Math.min(sampleRows, window.rows);
  const session = await openSession(encodeModel(statisticsModel(outputs)));
  try {
    const feeds = outputs.map((name, index) => {
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

/** Its inputs have the names of the pooled results, so its own tensors get a prefix. */
function statisticsModel(outputs: readonly string[]) {
  const own = (name: string) => `statistics/${name}`;
  const step = (operator: string, inputs: readonly string[], output: string) =>
    node(operator, inputs.map(own), [own(output)]);
  const meanOfRows = (input: string, output: string) =>
    node("ReduceMean", [own(input)], [own(output)], { axes: [0], keepdims: 0 });
  const casts = outputs.map((name) => node("Cast", [name], [own(`${name}/float`)], { to: 1 }));
  const nodes = [
    ...casts,
    step(
      "Sum",
      outputs.map((name) => `${name}/float`),
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
    floatTensor(own("share"), [1 / outputs.length], []),
    floatTensor(own("floor-share"), [0.05], []),
    floatTensor(own("tiny"), [1e-12], []),
  ];
  return model(
    graph(
      "statistics",
      { nodes, initializers },
      outputs.map((name) => value(name, "float16", ["rows", "width"])),
      [value("statistics/mean", "float32", ["width"]), value("statistics/scale", "float32", ["width"])],
    ),
  );
}
