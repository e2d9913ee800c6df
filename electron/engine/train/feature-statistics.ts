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

function statisticsModel(pooling: Pooling) {
  const casts = pooling.outputs.map((name) => node("Cast", [name], [`${name}/float`], { to: 1 }));
  const nodes = [
    ...casts,
    node(
      "Sum",
      pooling.outputs.map((name) => `${name}/float`),
      ["total"],
    ),
    node("Mul", ["total", "share"], ["average"]),
    node("ReduceMean", ["average"], ["statistics/mean"], { axes: [0], keepdims: 0 }),
    node("Sub", ["average", "statistics/mean"], ["centred"]),
    node("Mul", ["centred", "centred"], ["squares"]),
    node("ReduceMean", ["squares"], ["variance"], { axes: [0], keepdims: 0 }),
    // Cells that hardly ever differ from zero must not be blown up: the floor is a part of the typical variance.
    node("ReduceMean", ["variance"], ["typical"], { axes: [0], keepdims: 0 }),
    node("Mul", ["typical", "floor-share"], ["floor"]),
    node("Add", ["variance", "floor"], ["safe"]),
    node("Add", ["safe", "tiny"], ["positive"]),
    node("Sqrt", ["positive"], ["deviation"]),
    node("Reciprocal", ["deviation"], ["statistics/scale"]),
  ];
  const initializers = [
    floatTensor("share", [1 / pooling.outputs.length], []),
    floatTensor("floor-share", [0.05], []),
    floatTensor("tiny", [1e-12], []),
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
