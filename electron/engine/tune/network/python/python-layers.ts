import type { NodeProto, TensorProto } from "../../../onnx/gen/onnx_pb.ts";
import { layerName, PythonNames } from "./python-names.ts";
import { pythonString, pythonTuple } from "./python-text.ts";

/** A stored tensor as PyTorch has it. */
export interface LayerWeight {
  /** Name in `state_dict`, without the layer's. */
  readonly attribute: string;
  readonly tensor: TensorProto;
  /** As PyTorch has it; the same numbers in the same order, or turned. */
  readonly dims: readonly number[];
  /** ONNX has the two axes the other way round. */
  readonly transposed?: true;
}

/** A stored tensor of a graph, and its name in the module's `state_dict`. */
export interface NetworkWeight extends LayerWeight {
  readonly key: string;
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

  /**
   * @param make the call that makes the layer; "parameter" or "buffer" for a tensor of its own
   * @returns the layer as `forward` calls it
   */
  add(node: NodeProto, make: string, weights: readonly LayerWeight[]): string {
    const key = JSON.stringify([make, ...weights.map(({ tensor }) => tensor.name)]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const isTensor = make === "parameter" || make === "buffer";
    const name = this.names.unique(
      isTensor ? weights[0].tensor.name : layerName(node, weights[0].tensor.name),
    );
    this.hasLayers ||= !isTensor;
    this.lines.push(isTensor ? ownTensor(name, make, weights[0]) : `self.${name} = ${make}`);
    for (const weight of weights)
      this.weights.push({ ...weight, key: weight.attribute ? `${name}.${weight.attribute}` : name });
    const called = `self.${name}`;
    this.known.set(key, called);
    return called;
  }
}

function ownTensor(name: string, make: string, { dims, tensor }: LayerWeight): string {
  const type = tensor.dataType === 7 ? ", dtype=torch.int64" : "";
  const empty = `torch.empty(${pythonTuple(dims)}${type})`;
  return make === "parameter"
    ? `self.${name} = nn.Parameter(${empty})`
    : `self.register_buffer(${pythonString(name)}, ${empty})`;
}
