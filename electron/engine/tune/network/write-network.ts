import type { NodeProto } from "../../onnx/gen/onnx_pb.ts";
import { type GraphIndex, indexGraph, nodesBehind } from "../../onnx/graph-index.ts";
import type { GraphModel } from "../../onnx/graph-model.ts";
import { plainDomain } from "../../onnx/model-tensors.ts";
import { isWeighted, writeOperators } from "./operators/index.ts";
import { Operator } from "./python/operator.ts";
import { type NetworkWeight, PythonLayers } from "./python/python-layers.ts";
import { layerName, PythonNames } from "./python/python-names.ts";

/** A graph whose outputs are class scores, to be trained. */
export interface TrainableGraph {
  readonly proto: GraphModel;
  readonly opset: number;
  /** Output tensors in the order that the network returns them, and what each is called. */
  readonly outputs: readonly { readonly tensor: string; readonly name: string }[];
  /** Dimensions of tensors at batch 1, where they are known. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
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
  const { outputs, opset, dims, title } = graph;
  const index = indexGraph(graph.proto.graph);
  const behind = nodesBehind(index, ...outputs.map(({ tensor }) => tensor)).map((at) => index.nodes[at]);
  const sources = handedOn(behind);
  const source = (tensor: string) => sources.get(tensor) ?? tensor;
  const nodes = behind.filter(({ output }) => !sources.has(output[0]));
  const readers = readersOf(nodes, source);

  const names = new PythonNames();
  const image = graph.proto.graph.input[0].name;
  const variables = new Map([[image, names.unique("image")]]);
  const given = new Map(outputs.map(({ tensor, name }) => [source(tensor), names.unique(name)]));
  const layers = new PythonLayers();
  const network = {
    index,
    opset,
    dims,
    layers,
    variable: (tensor: string) => variables.get(source(tensor))!,
  };
  const steps = nodes.map((node, at) => {
    const expression = expressionOf(new Operator(node, network));
    const made = node.output.filter((tensor) => tensor !== "");
    for (const tensor of made) {
      // What only the next line reads needs no name of its own.
      const isPassedOn = made.length === 1 && readers.get(tensor)?.every((reader) => reader === at + 1);
      variables.set(tensor, given.get(tensor) ?? (isPassedOn ? "x" : names.unique(nameOf(node, index))));
    }
    const targets = made.map((tensor) => variables.get(tensor)!).join(", ");
    return { text: `${targets} = ${expression}`, variable: targets, tensors: made };
  });
  const head = headOf(title, dims.get(image), layers);
  const body = steps.map(({ text }) => `        ${text}`);
  const returned = outputs.map(({ tensor }) => variables.get(source(tensor))!);
  const last = `        return [${returned.join(", ")}]`;
  return {
    source: `${[...head, ...body, last].join("\n")}\n`,
    weights: layers.weights,
    lines: steps.flatMap(({ variable, tensors }, at) =>
      tensors.length === 1 ? [{ line: head.length + at + 1, variable, tensor: tensors[0] }] : [],
    ),
  };
}

/** After the layer where there is one. */
function nameOf(node: NodeProto, { initializers }: GraphIndex): string {
  const weight = node.input.find((tensor) => initializers.has(tensor));
  return layerName(node, isWeighted(node) ? weight : undefined);
}

/** Operators that hand on what they read; nothing is dropped in a deployed network. */
const transparent: readonly string[] = ["Identity", "Dropout"];

/** From what such operators give to what was given to the first of them. */
function handedOn(nodes: readonly NodeProto[]): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { opType, input, output } of nodes)
    if (transparent.includes(opType)) sources.set(output[0], sources.get(input[0]) ?? input[0]);
  return sources;
}

/** By tensor the places of the nodes that read it. */
function readersOf(nodes: readonly NodeProto[], source: (tensor: string) => string): Map<string, number[]> {
  const readers = new Map<string, number[]>();
  nodes.forEach(({ input }, at) => {
    for (const tensor of input.map(source)) readers.set(tensor, [...(readers.get(tensor) ?? []), at]);
  });
  return readers;
}

function expressionOf(operator: Operator): string {
  const { node } = operator;
  const write = plainDomain(node.domain) === "" ? writeOperators.get(node.opType) : undefined;
  if (!write) throw operator.refusal("Offramp knows no layer of PyTorch that computes the same");
  return write(operator);
}

function headOf(title: string, image: readonly number[] | undefined, layers: PythonLayers): string[] {
  const shape = image ? ` [N, ${image.slice(1).join(", ")}]` : "";
  return [
    `"""${title.replace(/["\\]/g, "'")}"""`,
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
