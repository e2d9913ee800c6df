import { AppError } from "../../../shared/base/errors.ts";
import { defaultOpset } from "./backbone.ts";
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from "./gen/onnx_pb.ts";
import { type Fragment, node, opset } from "./graph-builder.ts";
import type { GraphModel } from "./graph-model.ts";
import { attributeGraphs, modelTensors, nestedNodes, nodeLabel, plainDomain } from "./model-tensors.ts";
import { elementTypeName, floatTensor, intTensor } from "./tensors.ts";

/**
 * Models of different operator sets as parts of one: what the joined model imports, each domain in its highest version.
 * @throws AppError 'model-unsupported' if they use another domain than ONNX's own in different versions
 */
export function joinedImports(models: readonly GraphModel[]): Pick<GraphModel, "irVersion" | "opsetImport"> {
  const versions = new Map<string, bigint>();
  for (const { opsetImport, graph } of models)
    for (const { domain, version } of opsetImport) {
      const key = plainDomain(domain);
      const present = versions.get(key);
      if (key !== "" && present !== undefined && present !== version && usesDomain(graph, key))
        throw new AppError(
          "model-unsupported",
          `the networks use operator set ${key} in versions ${present} and ${version}, which can't be in one file; ` +
            "export one of them again, or the plan as staged models",
        );
      if (present === undefined || version > present) versions.set(key, version);
    }
  const irVersion = models.reduce(
    (highest, model) => (model.irVersion > highest ? model.irVersion : highest),
    0n,
  );
  return { irVersion, opsetImport: [...versions].map(([domain, version]) => opset(Number(version), domain)) };
}

function usesDomain({ node: nodes }: GraphProto, wanted: string): boolean {
  for (const { domain } of nestedNodes(nodes)) if (plainDomain(domain) === wanted) return true;
  return false;
}

/**
 * The same network written for a newer version of ONNX's operator set; tensors keep their names. Operators that aren't
 * listed below mean in every version from 7 to 25 what they meant before, as their schemas say.
 * @throws AppError 'model-unsupported' naming an operator that can't be brought to it
 */
export function raiseOpset(model: GraphModel, version: number): GraphModel {
  const from = defaultOpset(model);
  if (from >= version) return model;
  const opsetImport = model.opsetImport.map((entry) =>
    plainDomain(entry.domain) === "" ? opset(version) : entry,
  );
  const isHalf = [...modelTensors(model)].some(
    ({ tensor }) => elementTypeName(tensor.dataType) === "float16",
  );
  return { ...model, opsetImport, graph: raiseGraph(model.graph, { from, to: version, isHalf }) };
}

/** From one version to another; whether there are constants of half precision, beside which a float32 may not stand. */
interface Raise {
  readonly from: number;
  readonly to: number;
  readonly isHalf: boolean;
}

function raiseGraph(graph: GraphProto, how: Raise): GraphProto {
  const raised = graph.node.map((item) => raiseNode(item, how));
  return {
    ...graph,
    node: raised.flatMap(({ nodes }) => nodes),
    initializer: [...graph.initializer, ...raised.flatMap(({ initializers }) => initializers)],
  };
}

function raiseNode(item: NodeProto, how: Raise): Fragment {
  const { from, to, isHalf } = how;
  let nodes: readonly NodeProto[] = [withRaisedGraphs(item, how)];
  const initializers: TensorProto[] = [];
  if (!isOfOnnx(item)) return { nodes, initializers };
  for (const { since, operators, raise } of changes) {
    if (since <= from || since > to) continue;
    const next = nodes.map((each) => {
      if (!operators.includes(each.opType)) return alone(each);
      const raised = raise(each, isHalf);
      if (raised) return raised;
      throw new AppError(
        "model-unsupported",
        `the networks' operator sets are ${from} and ${to}, and ${nodeLabel(each)} can't be brought from one to the other; ` +
          "export both networks with the same opset, or the plan as staged models",
      );
    });
    nodes = next.flatMap((each) => each.nodes);
    initializers.push(...next.flatMap((each) => each.initializers));
  }
  return { nodes, initializers };
}

/** What a message leaves out is not in a copy of it, so a copied node may have no domain at all. */
function isOfOnnx({ domain }: NodeProto): boolean {
  return !plainDomain(domain);
}

function withRaisedGraphs(item: NodeProto, how: Raise): NodeProto {
  if (item.attribute.every((attribute) => attributeGraphs(attribute).length === 0)) return item;
  const raise = (attribute: AttributeProto): AttributeProto => ({
    ...attribute,
    g: attribute.g && raiseGraph(attribute.g, how),
    graphs: attribute.graphs.map((graph) => raiseGraph(graph, how)),
  });
  return { ...item, attribute: item.attribute.map(raise) };
}

/** A version in which operators changed, and how an older node is written there; undefined if it can't be. */
interface Change {
  readonly since: number;
  readonly operators: readonly string[];
  readonly raise: (item: NodeProto, isHalf: boolean) => Fragment | undefined;
}

const reductions = ["L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "SumSquare"].map(
  (name) => `Reduce${name}`,
);

/** In the order of the versions. */
const changes: readonly Change[] = [
  { since: 9, operators: ["BatchNormalization"], raise: withoutSpatial },
  { since: 9, operators: ["Scan", "Upsample"], raise: () => undefined },
  { since: 10, operators: ["Slice"], raise: (item) => integersToInputs(item, ["starts", "ends", "axes"]) },
  { since: 10, operators: ["TopK"], raise: (item) => integersToInputs(item, ["k"]) },
  { since: 10, operators: ["Upsample"], raise: () => undefined },
  { since: 11, operators: ["Clip"], raise: boundsToInputs },
  { since: 11, operators: ["Pad"], raise: padsToInputs },
  { since: 11, operators: ["Resize"], raise: () => undefined },
  { since: 11, operators: ["Scatter"], raise: (item) => alone({ ...item, opType: "ScatterElements" }) },
  { since: 12, operators: ["Dropout"], raise: (item) => alone(without(item, ["ratio"])) },
  { since: 13, operators: ["Softmax", "LogSoftmax", "Hardmax"], raise: overFlattened },
  {
    since: 13,
    operators: ["Squeeze", "Unsqueeze", "ReduceSum"],
    raise: (item) => integersToInputs(item, ["axes"]),
  },
  { since: 13, operators: ["Split"], raise: (item) => integersToInputs(item, ["split"]) },
  {
    since: 14,
    operators: ["BatchNormalization"],
    raise: (item) => (item.output.length === 1 ? alone(item) : undefined),
  },
  { since: 16, operators: ["RoiAlign"], raise: () => undefined },
  { since: 18, operators: reductions, raise: (item) => integersToInputs(item, ["axes"]) },
  { since: 18, operators: ["Split"], raise: withOutputCount },
  { since: 20, operators: ["DFT", "GridSample"], raise: () => undefined },
  { since: 21, operators: ["GroupNormalization"], raise: () => undefined },
];

function alone(item: NodeProto): Fragment {
  return { nodes: [item], initializers: [] };
}

function attributeOf({ attribute }: NodeProto, name: string): AttributeProto | undefined {
  return attribute.find((each) => each.name === name);
}

function without(item: NodeProto, names: readonly string[]): NodeProto {
  return { ...item, attribute: item.attribute.filter(({ name }) => !names.includes(name)) };
}

/** Statistics per channel are all that is left; those per position were for training of a kind that nobody uses. */
function withoutSpatial(item: NodeProto): Fragment | undefined {
  return attributeOf(item, "spatial")?.i === 0n ? undefined : alone(without(item, ["spatial"]));
}

/** Attributes become further inputs, in this order; one that is absent stays so. */
function integersToInputs(item: NodeProto, names: readonly string[]): Fragment {
  return toInputs(item, names, ({ ints, i, name }, tensor) =>
    intTensor(tensor, (name === "k" ? [i] : ints).map(Number)),
  );
}

function boundsToInputs(item: NodeProto, isHalf: boolean): Fragment | undefined {
  if (isHalf) return undefined;
  return toInputs(item, ["min", "max"], ({ f }, tensor) => floatTensor(tensor, [f], []));
}

function padsToInputs(item: NodeProto, isHalf: boolean): Fragment | undefined {
  if (isHalf && attributeOf(item, "value")) return undefined;
  return toInputs(item, ["pads", "value"], ({ name, ints, f }, tensor) =>
    name === "pads" ? intTensor(tensor, ints.map(Number)) : floatTensor(tensor, [f], []),
  );
}

function toInputs(
  item: NodeProto,
  names: readonly string[],
  tensorOf: (attribute: AttributeProto, name: string) => TensorProto,
): Fragment {
  const initializers = names.map((name) => {
    const attribute = attributeOf(item, name);
    return attribute && tensorOf(attribute, `offramp/raised/${item.output[0]}/${name}`);
  });
  const inputs = initializers.map((tensor) => tensor?.name ?? "");
  while (inputs.length > 0 && inputs[inputs.length - 1] === "") inputs.pop();
  return {
    nodes: [{ ...without(item, names), input: [...item.input, ...inputs] }],
    initializers: initializers.filter((tensor) => tensor !== undefined),
  };
}

/** Up to version 12 all axes from the given one on were taken as one, where nothing else was said from the second on. */
function overFlattened(item: NodeProto): Fragment {
  const stated = attributeOf(item, "axis");
  const axis = stated ? Number(stated.i ?? 0n) : 1;
  const rest = without(item, ["axis"]);
  if (axis === -1) return alone({ ...rest, attribute: node("Softmax", [], [""], { axis: -1 }).attribute });
  const [from, to] = [item.input[0], item.output[0]];
  const [flat, result, shape] = ["flat", "result", "shape"].map((name) => `offramp/raised/${to}/${name}`);
  return {
    nodes: [
      node("Flatten", [from], [flat], { axis }),
      { ...node(item.opType, [flat], [result], { axis: -1 }), name: item.name },
      node("Shape", [from], [shape]),
      node("Reshape", [result, shape], [to]),
    ],
    initializers: [],
  };
}

/** Equal parts are asked for by their number. */
function withOutputCount(item: NodeProto): Fragment {
  if (item.input.length > 1 && item.input[1] !== "") return alone(item);
  const [count] = node("Split", [], [""], { num_outputs: item.output.length }).attribute;
  return alone({ ...item, attribute: [...item.attribute, count] });
}
