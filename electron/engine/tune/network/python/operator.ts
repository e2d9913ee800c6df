import { AppError } from "../../../../../shared/base/errors.ts";
import { constantNumbers } from "../../../onnx/constant-values.ts";
import type { NodeProto, TensorProto } from "../../../onnx/gen/onnx_pb.ts";
import type { GraphIndex } from "../../../onnx/graph-index.ts";
import { nodeLabel } from "../../../onnx/model-tensors.ts";
import { elementCount, tensorNumbers } from "../../../onnx/tensors.ts";
import type { LayerWeight, PythonLayers } from "./python-layers.ts";
import { pythonNumber } from "./python-text.ts";

/** What writing one network needs of it. */
export interface NetworkReader {
  readonly index: GraphIndex;
  readonly opset: number;
  /** Dimensions of tensors at batch 1, where they are known. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
  readonly layers: PythonLayers;
  /** Python's name of a tensor that an operator has made. */
  variable(tensor: string): string;
}

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

  has(input: number): boolean {
    return (this.node.input[input] ?? "") !== "";
  }

  int<Missing>(name: string, missing: Missing): number | Missing {
    const found = this.attribute(name);
    return found ? Number(found.i) : missing;
  }

  float(name: string, missing: number): number {
    const found = this.attribute(name);
    // Stored in float32: the shortest digits that say it.
    return found ? Number(found.f.toPrecision(7)) : missing;
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

  /** The stored tensor that is an input, as an initializer or as a Constant node. */
  stored(input: number): TensorProto | undefined {
    const { index } = this.network;
    const name = this.node.input[input] ?? "";
    const maker = index.nodes[index.producer.get(name) ?? -1];
    const constant = maker?.opType === "Constant" ? maker.attribute[0]?.t : undefined;
    return index.initializers.get(name) ?? constant;
  }

  /** @throws AppError 'model-unsupported' if it isn't stored */
  weight(input: number, what: string): TensorProto {
    const tensor = this.stored(input);
    if (tensor) return tensor;
    throw this.refusal(`its ${what} are computed by the network, not stored`);
  }

  /** Dimensions of an input or of the first output at batch 1; undefined where import didn't see it. */
  dims(of: number | "output"): readonly number[] | undefined {
    const tensor = of === "output" ? this.node.output[0] : this.node.input[of];
    return this.network.dims.get(tensor);
  }

  /** An input as Python reads it: what was computed before, a number, or a tensor of its own. */
  input(input: number): string {
    const tensor = this.stored(input);
    if (!tensor) return this.network.variable(this.node.input[input]);
    const dims = tensor.dims.map(Number);
    if (elementCount(dims) === 1)
      return pythonNumber(Number(tensorNumbers(tensor)[0].toPrecision(isFloat(tensor) ? 7 : 15)));
    // Before the first layer it is the images' scale, which doesn't learn.
    const learns = isFloat(tensor) && this.network.layers.hasLayers;
    return this.layer(learns ? "parameter" : "buffer", [{ attribute: "", tensor, dims }]);
  }

  /** As {@link PythonLayers.add}. */
  layer(make: string, weights: readonly LayerWeight[]): string {
    return this.network.layers.add(this.node, make, weights);
  }

  /** An error that says which node and why. */
  refusal(why: string): AppError {
    return new AppError(
      "model-unsupported",
      `${nodeLabel(this.node)} can't be trained in PyTorch: ${why}; export the model with plain layers, or keep this network frozen`,
    );
  }
}

function isFloat({ dataType }: TensorProto): boolean {
  return dataType === 1 || dataType === 10 || dataType === 11;
}

/** The expression that computes an operator's result; several results are a tuple. */
export type WriteOperator = (operator: Operator) => string;
