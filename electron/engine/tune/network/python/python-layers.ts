import type { NodeProto, TensorProto } from "../../../onnx/gen/onnx_pb.ts";
import { layerName, PythonNames, weightName } from "./python-names.ts";
import { pythonString, pythonTuple } from "./python-text.ts";
import { refusal } from "./refusal.ts";

/** A stored tensor as PyTorch has it. */
export interface LayerWeight {
  /** Name in `state_dict`, without the layer's. */
  readonly attribute: string;
  readonly tensor: TensorProto;
  /** As PyTorch has it; the same numbers in the same order, or turned. */
  readonly dims: readonly number[];
  /** ONNX has the two axes the other way round. */
  readonly transposed?: boolean;
  /** It stays as it is. */
  readonly isFixed?: boolean;
}

/** A stored tensor of a graph, and its name in the module's `state_dict`. */
export interface NetworkWeight extends LayerWeight {
  readonly key: string;
  /** The first of those that share the tensor: in PyTorch they are one, too. */
  readonly sharedWith?: string;
}

/** The layers of a module while it is written; operators that share one get the same. */
export class PythonLayers {
  /** Of `__init__`. */
  readonly lines: string[] = [];
  readonly weights: NetworkWeight[] = [];
  /** Whether one of `torch.nn` is among them. */
  hasLayers = false;
  private readonly names = new PythonNames();
  private readonly known = new Map<string, string>();
  private readonly holders = new Map<string, NetworkWeight>();

  /**
   * @param make the call that makes the layer; "parameter" or "buffer" for a tensor of its own
   * @returns the layer as `forward` calls it
   * @throws AppError 'model-unsupported' if another layer has the same weights in another form
   */
  add(node: NodeProto, make: string, weights: readonly LayerWeight[]): string {
    const forms = weights.map(({ tensor, transposed }) => [tensor.name, transposed ?? false]);
    const key = JSON.stringify([make, ...forms]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const isTensor = make === "parameter" || make === "buffer";
    const name = this.names.unique(
      isTensor ? weightName(node, weights[0].tensor.name) : layerName(node, weights[0].tensor.name),
    );
    this.hasLayers ||= !isTensor;
    this.lines.push(isTensor ? ownTensor(name, make, weights[0]) : `self.${name} = ${make}`);
    const isFixed = make === "buffer";
    for (const weight of weights) this.hold(node, name, { ...weight, isFixed });
    const called = `self.${name}`;
    this.known.set(key, called);
    return called;
  }

  private hold(node: NodeProto, layer: string, weight: LayerWeight): void {
    const key = weight.attribute ? `${layer}.${weight.attribute}` : layer;
    const holder = this.holders.get(weight.tensor.name);
    if (!holder) this.holders.set(weight.tensor.name, { ...weight, key });
    this.weights.push({ ...weight, key, sharedWith: holder?.key });
    if (!holder) return;
    if (!isAlike(holder, weight))
      throw refusal(node, `it shares its weights with ${holder.key}, which has them in another form`);
    this.lines.push(`self.${key} = self.${holder.key}`);
  }
}

function isAlike(one: LayerWeight, other: LayerWeight): boolean {
  const formOf = ({ attribute, dims, transposed }: LayerWeight) =>
    String([attribute.startsWith("running_"), transposed ?? false, ...dims]);
  return formOf(one) === formOf(other);
}

const int64 = 7;

function ownTensor(name: string, make: string, { dims, tensor }: LayerWeight): string {
  const type = tensor.dataType === int64 ? ", dtype=torch.int64" : "";
  const empty = `torch.empty(${pythonTuple(dims)}${type})`;
  return make === "parameter"
    ? `self.${name} = nn.Parameter(${empty})`
    : `self.register_buffer(${pythonString(name)}, ${empty})`;
}
