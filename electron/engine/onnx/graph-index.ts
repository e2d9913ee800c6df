import type { GraphProto, NodeProto, TensorProto } from "./gen/onnx_pb.ts";
import { attributeGraphs, plainDomain } from "./model-tensors.ts";

/** Every tensor a node reads: its inputs, and what its subgraphs capture from outside. */
export function tensorsRead(node: NodeProto): string[] {
  const read = node.input.filter((name) => name !== "");
  for (const attribute of node.attribute) {
    for (const subgraph of attributeGraphs(attribute))
      for (const name of capturedTensors(subgraph)) read.push(name);
  }
  return read;
}

function capturedTensors(graph: GraphProto): string[] {
  const own = new Set<string>();
  for (const input of graph.input) own.add(input.name);
  for (const constant of graph.initializer) own.add(constant.name);
  for (const node of graph.node) for (const output of node.output) own.add(output);
  const captured = new Set(graph.output.map((output) => output.name));
  for (const node of graph.node) for (const name of tensorsRead(node)) captured.add(name);
  return [...captured].filter((name) => !own.has(name));
}

/** Look-ups over one graph; nodes are numbered as in the file, which ONNX requires to be a topological order. */
export interface GraphIndex {
  readonly nodes: readonly NodeProto[];
  readonly reads: readonly (readonly string[])[];
  /** Node number that makes a tensor. */
  readonly producer: ReadonlyMap<string, number>;
  /** Per node the numbers of those that carry the graph's inputs to it. */
  readonly sources: readonly (readonly number[])[];
  /** Node numbers that read a tensor. */
  readonly consumers: ReadonlyMap<string, readonly number[]>;
  readonly initializers: ReadonlyMap<string, TensorProto>;
  /**
   * Whether a node's result depends on the values of a graph input. The others compute constants, or only look at
   * shapes, which carry no image.
   */
  readonly carriesInput: readonly boolean[];
}

/** Operators that look at a tensor's shape alone. */
const shapeReaders: readonly string[] = ["Shape", "Size"];

export function readsShapeAlone({ opType, domain }: NodeProto): boolean {
  return plainDomain(domain) === "" && shapeReaders.includes(opType);
}

export function indexGraph(graph: GraphProto): GraphIndex {
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const producer = new Map<string, number>();
  const consumers = new Map<string, number[]>();
  const live = new Set(graph.input.map((input) => input.name).filter((name) => !initializers.has(name)));
  const reads = graph.node.map(tensorsRead);
  const carrier = new Map<string, number>();
  const sources: number[][] = [];
  const carriesInput = graph.node.map((node, number) => {
    const names = new Set(reads[number]);
    sources.push([...names].flatMap((name) => carrier.get(name) ?? []));
    for (const name of names) {
      const readers = consumers.get(name);
      if (readers) readers.push(number);
      else consumers.set(name, [number]);
    }
    const carries = !readsShapeAlone(node) && reads[number].some((name) => live.has(name));
    for (const output of node.output) {
      if (output === "") continue;
      producer.set(output, number);
      if (!carries) continue;
      live.add(output);
      carrier.set(output, number);
    }
    return carries;
  });
  return { nodes: graph.node, reads, producer, sources, consumers, initializers, carriesInput };
}

/** Whether a tensor is an initializer, or computed from initializers and shapes alone. */
export function isConstant(index: GraphIndex, tensor: string): boolean {
  const number = index.producer.get(tensor);
  return number === undefined ? index.initializers.has(tensor) : !index.carriesInput[number];
}

/**
 * Numbers of the nodes that carry the graph's inputs to some tensors, in order: what computes them, without what
 * only computes constants or looks at shapes.
 */
export function nodesBehind(index: GraphIndex, ...tensors: readonly string[]): number[] {
  const found = new Uint8Array(index.nodes.length);
  const pending: number[] = [];
  let last = -1;
  const find = (number: number) => {
    if (found[number] === 1) return;
    found[number] = 1;
    pending.push(number);
  };
  for (const tensor of tensors) {
    const number = index.producer.get(tensor);
    if (number === undefined || !index.carriesInput[number]) continue;
    last = Math.max(last, number);
    find(number);
  }
  for (let number = pending.pop(); number !== undefined; number = pending.pop())
    for (const source of index.sources[number]) find(source);
  const numbers: number[] = [];
  // Sources stand before what reads them.
  for (let number = 0; number <= last; number++) if (found[number] === 1) numbers.push(number);
  return numbers;
}

/** A prefix that no tensor's name begins with: what we exported ourselves may be opened again. */
export function freshPrefix({ producer, initializers }: GraphIndex, wanted: string): string {
  let underscores = -1;
  for (const names of [producer.keys(), initializers.keys()])
    for (const name of names)
      if (name.startsWith(wanted))
        underscores = Math.max(underscores, /^_*/.exec(name.slice(wanted.length))![0].length);
  return wanted + "_".repeat(underscores + 1);
}
