import { AppError } from "../../../../shared/base/errors.ts";
import { plainText } from "../../../../shared/base/plain-text.ts";
import { type NodeProto, TensorProto_DataType } from "../../onnx/gen/onnx_pb.ts";
import { type GraphIndex, indexGraph, nodesBehind } from "../../onnx/graph-index.ts";
import { plainDomain } from "../../onnx/model-tensors.ts";
import type { StoredGraph } from "./graph/store-constants.ts";
import { storedTensor } from "./graph/stored-tensor.ts";
import { recogniseLayers } from "./layers/recognise-layers.ts";
import { isWeighted, writeOperators } from "./operators/index.ts";
import { type NetworkReader, Operator, type SeenTensor } from "./python/operator.ts";
import { type NetworkWeight, PythonLayers } from "./python/python-layers.ts";
import { layerName, PythonNames } from "./python/python-names.ts";
import { refusal } from "./python/refusal.ts";

/** A graph whose outputs are class scores, to be trained. */
export interface TrainableGraph extends StoredGraph {
  readonly opset: number;
  /** Output tensors in the order that the network returns them, and what each is called. */
  readonly outputs: readonly { readonly tensor: string; readonly name: string }[];
  /** Tensors that operators compute, where they are known. */
  readonly seen: ReadonlyMap<string, SeenTensor>;
  /** What the docstring says first. */
  readonly title: string;
}

/** One line of `forward`, and the tensor that it makes. */
export interface NetworkLine {
  /** In the source, from 1. */
  readonly line: number;
  readonly variable: string;
  readonly tensor: string;
}

/** A graph as a PyTorch module that a person can read. */
export interface PythonNetwork {
  /** `network.py`. */
  readonly source: string;
  readonly weights: readonly NetworkWeight[];
  /** Of operators with one result. */
  readonly lines: readonly NetworkLine[];
}

/**
 * Writes a graph as a plain `nn.Module`, one line a layer, with the model's own names.
 * @throws AppError 'model-unsupported' that names the first node which PyTorch has no layer for
 */
export function writeNetwork(graph: TrainableGraph): PythonNetwork {
  const { outputs, opset, seen, computed, title } = graph;
  const index = indexGraph(graph.proto.graph);
  const image = graph.proto.graph.input[0].name;
  const names = new PythonNames();
  const variables = new Map([[image, names.unique("image")]]);
  const layers = new PythonLayers();
  const sources = new Map<string, string>();
  const source = (tensor: string) => sources.get(tensor) ?? tensor;
  const network: NetworkReader = {
    index,
    opset,
    seen,
    layers,
    computed,
    image: variables.get(image)!,
    read: (tensor) => variables.get(tensor) ?? ofEachImage(tensor, network),
  };

  const behind = nodesBehind(index, ...outputs.map(({ tensor }) => tensor)).map((at) => index.nodes[at]);
  const plain = behind.flatMap((node) => {
    const isHandedOn = handsOn(new Operator(node, network));
    if (isHandedOn) sources.set(node.output[0], source(node.input[0]));
    return isHandedOn ? [] : [{ ...node, input: node.input.map(source) }];
  });
  const wanted = new Set(outputs.map(({ tensor }) => source(tensor)));
  const nodes = recogniseLayers(plain, index, wanted);
  if (nodes.length > mostLines)
    throw refusal(nodes[mostLines], `it is one of ${nodes.length} operators, expected at most ${mostLines}`);
  const readers = readersOf(nodes);
  const given = new Map(outputs.map(({ tensor, name }) => [source(tensor), names.unique(name)]));
  const steps = nodes.map((node, at) => {
    const expression = expressionOf(new Operator(node, network));
    const results = resultsOf(node, readers);
    const targets = results.map((tensor) => {
      if (!readers.has(tensor) && !given.has(tensor)) return "_";
      // What only the next line reads needs no name of its own.
      const isPassedOn = results.length === 1 && readers.get(tensor)?.every((reader) => reader === at + 1);
      const name = given.get(tensor) ?? (isPassedOn ? "x" : names.unique(nameOf(node, index)));
      variables.set(tensor, name);
      return name;
    });
    return { text: `${targets.join(", ")} = ${expression}`, variable: targets[0], tensors: results };
  });
  const head = headOf(title, seen.get(image)?.shape, layers);
  const body = steps.map(({ text }) => `        ${text}`);
  const returned = outputs.map(({ tensor, name }) => {
    const variable = variables.get(source(tensor));
    if (variable === undefined) throw unread(name);
    return variable;
  });
  const last = `        return [${returned.join(", ")}]`;
  return {
    source: `${[...head, ...body, last].join("\n")}\n`,
    weights: layers.weights,
    lines: steps.flatMap(({ variable, tensors }, at) =>
      tensors.length === 1 ? [{ line: head.length + at + 1, variable, tensor: tensors[0] }] : [],
    ),
  };
}

function unread(output: string): AppError {
  return new AppError(
    "model-unsupported",
    `output ${output} doesn't follow from the images, so nothing can be learnt for it`,
  );
}

/** A source that nobody reads, and that takes Python long to read. */
const mostLines = 20_000;

/** What follows from the number of images alone, such as a class token for each; written where it is read. */
function ofEachImage(tensor: string, network: NetworkReader): string | undefined {
  const { nodes, producer } = network.index;
  const maker = nodes[producer.get(tensor) ?? -1];
  const isToken = maker?.opType === "Expand" && storedTensor(network.index, maker.input[0]) !== undefined;
  return isToken ? expressionOf(new Operator(maker, network)) : undefined;
}

/** What an operator makes that the network reads. @throws AppError 'model-unsupported' if it is more than PyTorch gives */
function resultsOf(node: NodeProto, readers: ReadonlyMap<string, unknown>): readonly string[] {
  const [first, ...further] = node.output;
  if (node.opType === "Split") return node.output;
  const read = further.find((tensor) => readers.has(tensor));
  if (read !== undefined) throw refusal(node, `its further result ${read} has no counterpart there`);
  return [first];
}

/** After the layer where there is one. */
function nameOf(node: NodeProto, index: GraphIndex): string {
  const stored = isWeighted(node) ? node.input.map((tensor) => storedTensor(index, tensor)) : [];
  return layerName(node, stored.find((found) => found)?.tensor.name);
}

/** Operators that hand on what they read; nothing is dropped in a deployed network, and all floats are of one type. */
function handsOn(operator: Operator): boolean {
  const { opType } = operator.node;
  if (opType === "Identity" || opType === "Dropout") return true;
  if (opType === "Cast") return operator.isFloat(0) && operator.int("to", 0) === TensorProto_DataType.FLOAT;
  if (opType !== "Reshape" && opType !== "Flatten") return false;
  // Rows that stay rows; of more axes one may be the images' before and another one behind.
  const [from, to] = [operator.dims(0), operator.dims("output")];
  return from?.length === 2 && String(from) === String(to);
}

/** By tensor the places of the nodes that read it. */
function readersOf(nodes: readonly NodeProto[]): Map<string, number[]> {
  const readers = new Map<string, number[]>();
  nodes.forEach(({ input }, at) => {
    for (const tensor of input) {
      const known = readers.get(tensor);
      if (known) known.push(at);
      else readers.set(tensor, [at]);
    }
  });
  return readers;
}

function expressionOf(operator: Operator): string {
  const { node } = operator;
  const write = plainDomain(node.domain) === "" ? writeOperators.get(node.opType) : undefined;
  if (!write)
    throw operator.refusal(
      isQuantised(node)
        ? "it is one of a quantised network, which doesn't learn"
        : "Offramp knows no layer of PyTorch that computes the same",
    );
  return write(operator);
}

function isQuantised({ opType }: NodeProto): boolean {
  return /Quantize|^QLinear|Integer$/.test(opType);
}

function headOf(title: string, image: readonly number[] | undefined, layers: PythonLayers): string[] {
  const shape = image ? ` [N, ${image.slice(1).join(", ")}]` : "";
  return [
    `"""${plainText(title).replace(/["\\]/g, "'")}"""`,
    "import torch",
    "from torch import nn",
    "from torch.nn import functional as F",
    "",
    "",
    "class Network(nn.Module):",
    "    def __init__(self):",
    "        super().__init__()",
    ...layers.lines.map((line) => `        ${line}`),
    "",
    "    def forward(self, image):",
    `        """From images${shape} to the logits of each output [N, classes], in order."""`,
  ];
}
