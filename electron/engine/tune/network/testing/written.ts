import { seededRandom } from "../../../../../shared/base/random.ts";
import type { NodeProto, TensorProto } from "../../../onnx/gen/onnx_pb.ts";
import { graph, model, opset, value } from "../../../onnx/graph-builder.ts";
import type { GraphModel } from "../../../onnx/graph-model.ts";
import { elementCount, floatTensor } from "../../../onnx/tensors.ts";
import { observeTensors } from "../../observe-tensors.ts";
import type { Compared } from "../../testing/pytorch.ts";
import { storeConstants } from "../graph/store-constants.ts";
import { widenFloats } from "../graph/widen-floats.ts";
import { type PythonNetwork, writeNetwork } from "../write-network.ts";

/** For tests: some nodes that make `out` of `image`. */
export interface SmallGraph {
  readonly nodes: readonly NodeProto[];
  readonly constants?: readonly TensorProto[];
  /** Of one image, with its batch of 1; [1, 4, 6, 6] if absent. */
  readonly shape?: readonly number[];
  readonly opset?: number;
  readonly outputs?: readonly string[];
}

const usualShape = [1, 4, 6, 6];

/** For tests: a model of these nodes for any number of images. */
export function smallModel(small: SmallGraph): GraphModel {
  const { nodes, constants = [], shape = usualShape, outputs = ["out"] } = small;
  const body = { nodes, initializers: constants };
  const image = value("image", "float32", ["N", ...shape.slice(1)]);
  const made = model(
    graph(
      "small",
      body,
      [image],
      outputs.map((name) => value(name, "float32")),
    ),
  );
  return { ...made, opsetImport: [opset(small.opset ?? 17)] };
}

/** For tests: a small graph as a module, as a tuning writes it. */
export async function writeSmall(small: SmallGraph): Promise<{ proto: GraphModel; python: PythonNetwork }> {
  const { shape = usualShape, outputs = ["out"], opset: version = 17 } = small;
  const { proto, computed } = await storeConstants(widenFloats(smallModel(small)));
  const names = proto.graph.node.flatMap(({ opType, output }) =>
    opType === "Constant" ? [] : output.filter((name) => name !== ""),
  );
  const image = { values: new Float32Array(elementCount(shape)).fill(0.5), dims: shape };
  const results = await observeTensors(proto, image, names);
  const seen = new Map([["image", { shape, type: "float32" }]]);
  for (const [name, { dims, type }] of Object.entries(results)) seen.set(name, { shape: [...dims], type });
  const written = {
    proto,
    computed,
    opset: version,
    seen,
    title: "small",
    outputs: outputs.map((tensor) => ({ tensor, name: tensor })),
  };
  return { proto, python: writeNetwork(written) };
}

/** For tests: the same to be compared on two images of noise. */
export async function comparedSmall(small: SmallGraph): Promise<Compared> {
  const { shape = usualShape, outputs = ["out"] } = small;
  const dims = [2, ...shape.slice(1)];
  return { ...(await writeSmall(small)), outputs, dims, values: noise(elementCount(dims)) };
}

/** For tests: lines of `forward` without the last. */
export function forwardLines({ source }: PythonNetwork): string[] {
  const [, forward] = source.split('in order."""\n');
  return forward
    .trimEnd()
    .split("\n")
    .slice(0, -1)
    .map((line) => line.trim());
}

/** For tests: lines of `__init__`. */
export function layerLines({ source }: PythonNetwork): string[] {
  const [, layers] = source.split("super().__init__()\n");
  return layers
    .split("\n\n")[0]
    .split("\n")
    .map((line) => line.trim());
}

export function noise(count: number, seed = 3): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

/** For tests: a constant of noise. */
export function noiseTensor(name: string, dims: readonly number[], seed = 5): TensorProto {
  return floatTensor(name, noise(elementCount(dims), seed), dims);
}
