import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { encodeModel } from "./codec.ts";
import type { TensorProto } from "./gen/onnx_pb.ts";
import { type AttributeValue, graph, model, node, opset, value } from "./graph-builder.ts";
import type { GraphModel } from "./graph-model.ts";
import { halfBits } from "./half-float.ts";
import { joinedImports, raiseOpset } from "./raise-opset.ts";
import { openSession, runtimeTensor } from "./runtime.ts";
import { boolTensor, floatTensor, intTensor, numbersTensor } from "./tensors.ts";

interface Operator {
  readonly name: string;
  /** Of its results. */
  readonly types?: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly constants?: readonly TensorProto[];
}

const dims = [2, 4, 3, 3];

/** One operator that reads `image` [2, 4, 3, 3] and then its constants. */
function modelOf(
  { name, attributes, constants = [], types = ["float32"] }: Operator,
  version: number,
): GraphModel {
  const results = types.map((_, index) => `result${index}`);
  const item = node(name, ["image", ...constants.map((tensor) => tensor.name)], results, attributes);
  const main = graph(
    "one",
    { nodes: [item], initializers: constants },
    [value("image", "float32", dims)],
    results.map((result, index) => value(result, types[index])),
  );
  return { ...model(main), opsetImport: [opset(version)] };
}

async function resultsOf(
  proto: GraphModel,
): Promise<Record<string, { dims: readonly number[]; data: number[] }>> {
  const random = seededRandom(2);
  const session = await openSession(encodeModel(proto));
  const values = Float32Array.from({ length: 72 }, () => 4 * random() - 2);
  const results = await session.run({ image: runtimeTensor("float32", values, dims) });
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [
      name,
      { dims: tensor.dims, data: Array.from(tensor.data as Float32Array | BigInt64Array, Number) },
    ]),
  );
}

const channels = (name: string, first: number) => floatTensor(name, [first, 2, 3, 4]);

const raised: readonly (readonly [from: number, Operator])[] = [
  [
    7,
    {
      name: "BatchNormalization",
      attributes: { spatial: 1 },
      constants: [channels("s", 1), channels("b", 0), channels("m", 0.5), channels("v", 1)],
    },
  ],
  [9, { name: "Slice", attributes: { starts: [1, 0], ends: [3, 2], axes: [1, 2] } }],
  [9, { name: "Slice", attributes: { starts: [1, 1], ends: [2, 3] } }],
  [7, { name: "Clip", attributes: { min: { float: -1 }, max: { float: 0.5 } } }],
  [7, { name: "Clip", attributes: { max: { float: 0.5 } } }],
  [7, { name: "Pad", attributes: { pads: [0, 0, 1, 1, 0, 0, 0, 2], value: { float: 3 } } }],
  [7, { name: "Pad", attributes: { pads: [0, 0, 1, 1, 0, 0, 0, 2], mode: "reflect" } }],
  [
    9,
    {
      name: "Scatter",
      attributes: { axis: 3 },
      constants: [intTensor("i", [2], [1, 1, 1, 1]), floatTensor("u", [9], [1, 1, 1, 1])],
    },
  ],
  [7, { name: "Dropout", attributes: { ratio: { float: 0.5 } } }],
  [9, { name: "Softmax" }],
  [11, { name: "Softmax", attributes: { axis: 2 } }],
  [11, { name: "LogSoftmax", attributes: { axis: -1 } }],
  [11, { name: "Unsqueeze", attributes: { axes: [0, 3] } }],
  [7, { name: "TopK", attributes: { k: 2, axis: 3 }, types: ["float32", "int64"] }],
  [11, { name: "ReduceSum", attributes: { axes: [1, 2], keepdims: 0 } }],
  [11, { name: "ReduceSum" }],
  [11, { name: "Split", attributes: { axis: 1, split: [1, 3] }, types: ["float32", "float32"] }],
  [11, { name: "Split", attributes: { axis: 1 }, types: ["float32", "float32"] }],
  [13, { name: "ReduceMean", attributes: { axes: [2, 3] } }],
  [13, { name: "ReduceMax", attributes: { axes: [-1], keepdims: 0 } }],
  [13, { name: "Relu" }],
];

describe.each([13, 17, 21])("raised to operator set %i", (version) => {
  it.each(raised.filter(([from]) => from < version))(
    "from %i, %o gives what it gave",
    async (from, operator) => {
      const before = modelOf(operator, from);
      const after = raiseOpset(before, version);
      expect(after.opsetImport.map((entry) => Number(entry.version))).toEqual([version]);
      expect(await resultsOf(after)).toEqual(await resultsOf(before));
    },
  );
});

it("operators inside branches are raised too, each with its constant in its own branch", async () => {
  const branch = (name: string, axis: number) =>
    graph(
      name,
      { nodes: [node("ReduceMean", ["image"], [name], { axes: [axis] })], initializers: [] },
      [],
      [value(name, "float32")],
    );
  const choose = node("If", ["yes"], ["result"], {
    then_branch: branch("then", 2),
    else_branch: branch("else", 3),
  });
  const before = model(
    graph(
      "choice",
      { nodes: [choose], initializers: [boolTensor("yes", false)] },
      [value("image", "float32", dims)],
      [value("result", "float32")],
    ),
  );
  const after = raiseOpset(before, 18);
  expect(after.graph.node[0].attribute.map(({ g }) => g?.initializer.length)).toEqual([1, 1]);
  expect(await resultsOf(after)).toEqual(await resultsOf(before));
});

it("a model of the version or above stays as it is", () => {
  const proto = modelOf({ name: "Relu" }, 17);
  expect(raiseOpset(proto, 13)).toBe(proto);
});

describe("what can't be brought to another version is named", () => {
  it.each([
    [9, 11, { name: "Upsample", constants: [floatTensor("scales", [1, 1, 2, 2])] }, "Upsample"],
    [10, 13, { name: "Resize", constants: [floatTensor("scales", [1, 1, 2, 2])] }, "Resize"],
    [7, 9, { name: "BatchNormalization", attributes: { spatial: 0 } }, "BatchNormalization"],
    [
      9,
      11,
      {
        name: "Clip",
        attributes: { min: { float: 0 } },
        constants: [numbersTensor("half", "float16", Uint16Array.of(halfBits(1)), [1])],
      },
      "Clip",
    ],
  ] as const)("from %i to %i", (from, to, operator, name) => {
    expect(() => raiseOpset(modelOf(operator, from), to)).toThrow(
      `the networks' operator sets are ${from} and ${to}, and ${name} ${name}/result0 can't be brought from one to the ` +
        "other; export both networks with the same opset, or the plan as staged models",
    );
  });
});

describe("imports of several models", () => {
  const importing = (version: number, domain: string, operator = "Relu") => {
    const proto = modelOf({ name: operator }, 13);
    proto.graph.node[0].domain = domain;
    return { ...proto, opsetImport: [opset(13), opset(version, domain)] };
  };

  it("are joined in the highest version of each domain", () => {
    const one = { ...modelOf({ name: "Relu" }, 13), irVersion: 7n };
    const { irVersion, opsetImport } = joinedImports([one, importing(1, "com.microsoft")]);
    expect(irVersion).toBe(8n);
    expect(opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([
      ["", 13],
      ["com.microsoft", 1],
    ]);
  });

  it("are refused where another domain is used in two versions", () => {
    const models = [importing(2, "ai.onnx.ml", "Scaler"), importing(3, "ai.onnx.ml", "Scaler")];
    expect(() => joinedImports(models)).toThrow(
      /operator set ai\.onnx\.ml in versions 2 and 3, which can't be/,
    );
  });
});
