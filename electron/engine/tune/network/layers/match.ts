import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";
import type { GraphIndex } from "../../../onnx/graph-index.ts";
import { tensorNumbers } from "../../../onnx/tensors.ts";
import { type StoredTensor, storedTensor } from "../graph/stored-tensor.ts";

/** Operators that exporters write for one layer, and the one that stands for them all. */
export interface Recognised {
  readonly layer: NodeProto;
  /** Without the last, which makes the layer's result. */
  readonly inner: readonly NodeProto[];
}

/** A layer that ends in a node, if it is one. */
export type Recognise = (last: NodeProto, graph: Makers) => Recognised | undefined;

/** Who makes what in a graph, for those who look for layers from their last operator back. */
export class Makers {
  private readonly makers: ReadonlyMap<string, NodeProto>;

  constructor(
    nodes: readonly NodeProto[],
    private readonly index: GraphIndex,
  ) {
    this.makers = new Map(nodes.flatMap((node) => node.output.map((tensor) => [tensor, node])));
  }

  /** The operator of this kind that makes a tensor. */
  maker(tensor: string, operator: string): NodeProto | undefined {
    const found = this.makers.get(tensor);
    return found?.opType === operator ? found : undefined;
  }

  stored(tensor: string): StoredTensor | undefined {
    return storedTensor(this.index, tensor);
  }

  /** The number that a constant of one element holds. */
  number(tensor: string): number | undefined {
    const stored = this.stored(tensor)?.tensor;
    const numbers = stored && tensorNumbers(stored, 2);
    return numbers?.length === 1 ? numbers[0] : undefined;
  }

  isNumber(tensor: string, wanted: number): boolean {
    const found = this.number(tensor);
    return found !== undefined && Math.abs(found - wanted) < 1e-5 * Math.abs(wanted);
  }

  /** What an operator of two inputs reads beside a constant; the inputs may stand either way round. */
  beside(node: NodeProto | undefined, isConstant: (tensor: string) => boolean): Beside | undefined {
    if (node?.input.length !== 2) return undefined;
    const [one, other] = node.input;
    if (isConstant(other)) return { computed: one, constant: other };
    return isConstant(one) ? { computed: other, constant: one } : undefined;
  }
}

interface Beside {
  readonly computed: string;
  readonly constant: string;
}
