import type { AppError } from "../../../../../shared/base/errors.ts";
import { constantNumbers } from "../../../onnx/constant-values.ts";
import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";
import type { GraphIndex } from "../../../onnx/graph-index.ts";
import { nodeLabel } from "../../../onnx/model-tensors.ts";
import { elementCount, tensorNumbers } from "../../../onnx/tensors.ts";
import { isFloatType, type StoredTensor, storedTensor } from "../graph/stored-tensor.ts";
import type { LayerWeight, PythonLayers } from "./python-layers.ts";
import { pythonNumber } from "./python-text.ts";
import { refusal } from "./refusal.ts";

/** What is known of a tensor that operators compute. */
export interface SeenTensor {
  /** At batch 1. */
  readonly shape: readonly number[];
  readonly type: string;
}

/** What writing one network needs of it. */
export interface NetworkReader {
  readonly index: GraphIndex;
  readonly opset: number;
  /** Tensors by name, where they are known. */
  readonly seen: ReadonlyMap<string, SeenTensor>;
  readonly layers: PythonLayers;
  /** Constants that a node of the model computes, which can't learn. */
  readonly computed: ReadonlyMap<string, NodeProto>;
  /** Python's name of the images. */
  readonly image: string;
  /** What Python computes a tensor as: its name, or an expression where it follows from the number of images alone. */
  read(tensor: string): string | undefined;
}

/** Numbers of a constant that stand in the text; more of them are a tensor of their own. */
const mostWritten = 8;

/** No tensor has more. */
const mostAxes = 16;

/** One operator as what writes it in Python reads it. */
export class Operator {
  constructor(
    readonly node: NodeProto,
    private readonly network: NetworkReader,
  ) {}

  get opset(): number {
    return this.network.opset;
  }

  get inputs(): number {
    return this.node.input.length;
  }

  /** The number of images, as Python says it. */
  get batch(): string {
    return `${this.network.image}.shape[0]`;
  }

  has(input: number): boolean {
    return (this.node.input[input] ?? "") !== "";
  }

  int<Missing>(name: string, missing: Missing): number | Missing {
    const found = this.attribute(name);
    return found ? Number(found.i) : missing;
  }

  float(name: string, missing: number): number {
    return this.attribute(name)?.f ?? missing;
  }

  ints(name: string): number[] | undefined {
    return this.attribute(name)?.ints.map(Number);
  }

  text(name: string, missing: string): string {
    const found = this.attribute(name);
    return found ? new TextDecoder().decode(found.s) : missing;
  }

  private attribute(name: string) {
    return this.node.attribute.find((attribute) => attribute.name === name);
  }

  /** A short list of constant numbers, such as axes; undefined if it isn't constant. */
  numbers(input: number): number[] | undefined {
    return this.has(input) ? constantNumbers(this.network.index, this.node.input[input]) : undefined;
  }

  /** As an attribute in old operator sets, as a constant input in newer ones. */
  setting(name: string, input: number): number[] | undefined {
    return this.ints(name) ?? this.numbers(input);
  }

  stored(input: number): StoredTensor | undefined {
    return this.has(input) ? storedTensor(this.network.index, this.node.input[input]) : undefined;
  }

  /** @throws AppError 'model-unsupported' if it isn't stored, or not as floats */
  weight(input: number, what: string): StoredTensor {
    const found = this.stored(input);
    const maker = found && this.network.computed.get(found.tensor.name);
    if (!found || maker)
      throw this.refusal(
        `its ${what} are computed by ${maker ? nodeLabel(maker) : "the network"}, not stored`,
      );
    if (!isFloatType(found.tensor.dataType))
      throw this.refusal(`its ${what} are whole numbers: a quantised network doesn't learn`);
    return found;
  }

  /** Dimensions of an input or of the first output at batch 1; undefined where they are unknown. */
  dims(of: number | "output"): readonly number[] | undefined {
    const tensor = of === "output" ? this.node.output[0] : this.node.input[of];
    const stored = of === "output" ? undefined : this.stored(of);
    return stored ? stored.dims : this.network.seen.get(tensor)?.shape;
  }

  /** Whether an input is computed as floats; true where that isn't known. */
  isFloat(input: number): boolean {
    const type = this.network.seen.get(this.node.input[input])?.type ?? "float32";
    return type.startsWith("float");
  }

  /** An axis counted from the front. @throws AppError 'model-unsupported' if that can't be said */
  axis(axis: number, rank: number | undefined = this.dims(0)?.length): number {
    if (axis < 0 && rank === undefined) throw this.refusal("the number of its axes isn't known");
    const place = axis < 0 ? axis + rank! : axis;
    if (!(place >= 0 && place < mostAxes)) throw this.refusal(`there is no axis ${axis}`);
    return place;
  }

  /** An input as Python reads it: what was computed before, a number, or a tensor of its own. */
  input(input: number): string {
    const stored = this.stored(input);
    if (!stored) {
      const computed = this.has(input) ? this.network.read(this.node.input[input]) : undefined;
      if (computed === undefined)
        throw this.refusal(`input ${input + 1} of it doesn't follow from the images`);
      return computed;
    }
    const { tensor } = stored;
    if (elementCount(tensor.dims) !== 1) return this.tensor(input);
    const [number] = tensorNumbers(tensor, 1);
    return pythonNumber(number);
  }

  /** A stored input as a tensor of the module, whatever its size. */
  tensor(input: number): string {
    const { tensor, dims, turned } = this.stored(input)!;
    const { layers, computed } = this.network;
    // Before the first layer it is the images' scale, which doesn't learn; nor does what the graph computes.
    const learns = isFloatType(tensor.dataType) && layers.hasLayers && !computed.has(tensor.name);
    const own = turned ? [...dims].reverse() : dims;
    const held = this.layer(learns ? "parameter" : "buffer", [{ attribute: "", tensor, dims: own }]);
    return turned ? `${held}.t()` : held;
  }

  /** As {@link tensor}. @throws AppError 'model-unsupported' if it isn't stored, or not as floats */
  tensorOf(input: number, what: string): string {
    this.weight(input, what);
    return this.tensor(input);
  }

  /** Numbers of a constant as an index of Python takes them: as text if they are few. */
  places(input: number): string | undefined {
    const stored = this.stored(input);
    if (!stored) return undefined;
    const { dims } = stored;
    const numbers = this.numbers(input);
    if (!numbers || dims.length > 1 || numbers.length > mostWritten) return this.tensor(input);
    return dims.length === 0 ? pythonNumber(numbers[0]) : `[${numbers.map(pythonNumber).join(", ")}]`;
  }

  /** As {@link PythonLayers.add}. */
  layer(make: string, weights: readonly LayerWeight[]): string {
    return this.network.layers.add(this.node, make, weights);
  }

  /** An error that says which node and why. */
  refusal(why: string): AppError {
    return refusal(this.node, why);
  }
}

/** The expression that computes an operator's result; several results are a tuple. */
export type WriteOperator = (operator: Operator) => string;
