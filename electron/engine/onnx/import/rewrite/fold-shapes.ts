import { joinFragments } from "../../compose.ts";
import type { GraphProto, NodeProto, TensorProto } from "../../gen/onnx_pb.ts";
import { type Fragment, node } from "../../graph-builder.ts";
import { freshPrefix, type GraphIndex, indexGraph, readsShapeAlone } from "../../graph-index.ts";
import type {
  ObservedTensor,
  ProbeInput,
  ProbeRequest,
  ProbeResult,
  TensorNumbers,
} from "../../probe/model-probe-protocol.ts";
import { pruneGraph } from "../../prune-graph.ts";
import { elementTypeNumber, intTensor, numbersTensor } from "../../tensors.ts";
import { drawsNumbers } from "../analysis/training-mode.ts";

/**
 * Exporters compute the target of a `view(x.size(0), -1)` or the height of an upsampling from the shape of the image
 * or of some earlier tensor. Such computations carry no image, yet they tie what comes late to what came early. They are
 * not followed symbolically: the probe runs the model on one image and on two, and what a tensor was both times says
 * whether it is a constant, and otherwise how it follows from the batch.
 */

/** What the probe has to look at, so that `foldShapes` knows enough. */
export function shapeSubjects(index: GraphIndex): Pick<ProbeRequest, "shapeTensors" | "shapedTensors"> {
  const shapes = shapeTensors(index);
  const shapedTensors = index.nodes
    .filter(
      (item, number) => index.carriesInput[number] && item.opType === "Reshape" && shapes.has(item.input[1]),
    )
    .map(({ output: [name] }) => name);
  const shapeTensorsRead = [...shapes].filter((name) => index.consumers.has(name));
  return { shapeTensors: shapeTensorsRead, shapedTensors };
}

/** Tensors that depend on a graph input by its shape alone; not on chance, or noise would be a constant henceforth. */
function shapeTensors(index: GraphIndex): Set<string> {
  const { nodes, reads, producer, initializers, carriesInput } = index;
  const found = new Set<string>();
  const isInput = (name: string) => !producer.has(name) && !initializers.has(name);
  const carries = (name: string) => isInput(name) || (carriesInput[producer.get(name) ?? -1] ?? false);
  const drawn = new Set<string>();
  nodes.forEach((item, number) => {
    if (carriesInput[number]) return;
    const isDrawn =
      drawsNumbers(item) || (!readsShapeAlone(item) && reads[number].some((name) => drawn.has(name)));
    if (!isDrawn && !reads[number].some((name) => found.has(name) || carries(name))) return;
    for (const name of item.output) if (name !== "") (isDrawn ? drawn : found).add(name);
  });
  return found;
}

export interface BatchedProbe extends ProbeResult {
  /** Whether the graph takes several images at once. */
  readonly dynamicBatch: boolean;
}

/**
 * Takes what is computed from shapes out of a graph. What is the same for one image and for two becomes a constant;
 * what a feature map is reshaped to, a shape with -1 where the batch is. The few numbers left that follow from an open
 * batch are computed from it in one place, `batchFragment`, which any part of the graph can have for itself: `extract` lets
 * it read the part's own input.
 * @returns the tensors that were added, with shapes at batch 1
 */
export function foldShapes(
  graph: GraphProto,
  image: Pick<ProbeInput, "name" | "dims">,
  probe: BatchedProbe,
): Map<string, ObservedTensor> {
  const index = indexGraph(graph);
  const names = shapeTensors(index);
  if (names.size === 0) return new Map();
  const constants = [...names].flatMap((name) => constantOf(name, probe) ?? []);
  const replaced = new Set(constants.map(({ name }) => name));
  const shaped = new Map<string, TensorProto>();
  index.nodes.forEach((item, number) => {
    if (item.opType !== "Reshape" || !index.carriesInput[number]) return;
    if (!names.has(item.input[1]) || replaced.has(item.input[1])) return;
    const shape = openShape(item, probe);
    if (shape) shaped.set(item.output[0], shape);
  });
  const batch = freshPrefix(index, "offramp/batch");
  const following: AddedFragment[] = [];
  for (const name of names) {
    if (replaced.has(name)) continue;
    const fragment = followBatch(name, batch, probe);
    if (!fragment) continue;
    following.push(fragment);
    replaced.add(name);
  }
  const added = [batchFragment(image, batch), ...following];
  const computed = joinFragments(added);
  graph.initializer = [...graph.initializer, ...constants, ...shaped.values(), ...computed.initializers];
  const kept = index.nodes.map((item) => withShape(withoutOutputs(item, replaced), shaped));
  graph.node = [...computed.nodes, ...kept];
  pruneGraph(graph, graph.output);
  return new Map(added.flatMap(({ tensors }) => tensors));
}

/** The tensor as a constant, if the batch doesn't change it. */
function constantOf(
  name: string,
  { shapeValues, tensors, dynamicBatch }: BatchedProbe,
): TensorProto | undefined {
  const { one, two } = shapeValues.get(name) ?? {};
  if (!one || (dynamicBatch && !(two && equal(one, two)))) return undefined;
  const { type, dims } = tensors.get(name)!;
  return numbersTensor(name, type, one, dims);
}

function equal(one: TensorNumbers, two: TensorNumbers): boolean {
  return one.length === two.length && one.every((value: number | bigint, at: number) => value === two[at]);
}

/** What a node reshapes to, with -1 where the batch counts; undefined if that is more than one axis. */
function openShape(
  { output: [name] }: NodeProto,
  { tensors, pairDims }: ProbeResult,
): TensorProto | undefined {
  const one = tensors.get(name)?.dims ?? [];
  const two = pairDims.get(name) ?? [];
  const open = one.filter((dim, axis) => dim !== two[axis]).length;
  if (one.length !== two.length || open > 1) return undefined;
  return intTensor(
    `${name}/shape`,
    one.map((dim, axis) => (dim === two[axis] ? dim : -1)),
  );
}

/** Nodes that import adds, and what their results are. */
interface AddedFragment extends Fragment {
  readonly tensors: readonly (readonly [string, ObservedTensor])[];
}

/** The number of images, [] int64 called `batch`, from the shape of the image. */
function batchFragment({ name, dims }: Pick<ProbeInput, "name" | "dims">, batch: string): AddedFragment {
  const nodes = [
    node("Shape", [name], [`${batch}/shape`]),
    node("Gather", [`${batch}/shape`, `${batch}/axis`], [batch], { axis: 0 }),
  ];
  return {
    nodes,
    initializers: [intTensor(`${batch}/axis`, [0], [])],
    tensors: [
      [`${batch}/shape`, { type: "int64", dims: [dims.length] }],
      [batch, { type: "int64", dims: [] }],
    ],
  };
}

/** Types that ONNX Runtime multiplies and adds, in arrays that JavaScript can. */
const followingTypes: readonly string[] = ["int64", "int32", "float32", "float64"];

/**
 * A tensor computed from the batch alone, as base + perImage * batch through what it was on one image and on two.
 * @returns undefined for what has no such line: a tensor whose own shape follows the batch, a large one
 */
function followBatch(
  name: string,
  batch: string,
  { tensors, shapeValues }: ProbeResult,
): AddedFragment | undefined {
  const { one, two } = shapeValues.get(name) ?? {};
  const { type, dims } = tensors.get(name) ?? { type: "", dims: [] };
  if (!one || one.length !== two?.length || !followingTypes.includes(type)) return undefined;
  const { base, perImage } = lineThrough(one, two);
  const own = (word: string) => `${batch}/${word}/${name}`;
  return {
    nodes: [
      node("Cast", [batch], [own("images")], { to: elementTypeNumber(type) }),
      node("Mul", [own("per-image"), own("images")], [own("part")]),
      node("Add", [own("base"), own("part")], [name]),
    ],
    initializers: [
      numbersTensor(own("base"), type, base, dims),
      numbersTensor(own("per-image"), type, perImage, dims),
    ],
    tensors: [
      [own("images"), { type, dims: [] }],
      [own("part"), { type, dims }],
    ],
  };
}

function lineThrough(
  one: TensorNumbers,
  two: TensorNumbers,
): { base: TensorNumbers; perImage: TensorNumbers } {
  const base = one.slice() as TensorNumbers;
  const perImage = one.slice() as TensorNumbers;
  for (let at = 0; at < one.length; at++) {
    const slope = (two[at] as number) - (one[at] as number);
    perImage[at] = slope;
    base[at] = (one[at] as number) - slope;
  }
  return { base, perImage };
}

/** Outputs that have been replaced get a name that nobody reads. */
function withoutOutputs(item: NodeProto, replaced: ReadonlySet<string>): NodeProto {
  if (!item.output.some((name) => replaced.has(name))) return item;
  return { ...item, output: item.output.map((name) => (replaced.has(name) ? `${name}/replaced` : name)) };
}

function withShape(item: NodeProto, shaped: ReadonlyMap<string, TensorProto>): NodeProto {
  const shape = item.opType === "Reshape" ? shaped.get(item.output[0]) : undefined;
  if (!shape) return item;
  const attribute = item.attribute.filter(({ name }) => name !== "allowzero");
  return { ...item, attribute, input: [item.input[0], shape.name] };
}
