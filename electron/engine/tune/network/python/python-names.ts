import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";

/** Words that Python keeps for itself, and attributes that `nn.Module` has already. */
const taken: readonly string[] = [
  ..."False None True and as assert async await break class continue def del elif else except finally for from".split(
    " ",
  ),
  ..."global if import in is lambda nonlocal not or pass raise return try while with yield self torch nn F x".split(
    " ",
  ),
  ..."add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval".split(
    " ",
  ),
  ..."extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict".split(
    " ",
  ),
  ..."modules mtia named_buffers named_children named_modules named_parameters parameters register_buffer".split(
    " ",
  ),
  ..."register_module register_parameter requires_grad_ set_extra_state set_submodule share_memory state_dict".split(
    " ",
  ),
  ..."to to_empty train training type xpu zero_grad T_destination".split(" "),
];

/** Longer names make lines that nobody reads; what tells layers apart stands at their end. */
const longestName = 60;

/** Names that Python takes, each given out once. */
export class PythonNames {
  private readonly used = new Set(taken);
  /** By name the number that it was last told apart by. */
  private readonly last = new Map<string, number>();

  /** @param wanted any text: dots and the like become underscores */
  unique(wanted: string): string {
    const plain = identifier(wanted);
    for (let number = (this.last.get(plain) ?? 0) + 1; ; number++) {
      const name = number === 1 ? plain : `${plain}_${number}`;
      if (this.used.has(name)) continue;
      this.used.add(name);
      this.last.set(plain, number);
      return name;
    }
  }
}

function identifier(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  const short = plain.length > longestName ? plain.slice(-longestName).replace(/^[^_]*_/, "") : plain;
  return /^[A-Za-z]/.test(short) ? short : `layer_${short}`;
}

/** What exporters add to the name of a layer to name its weights. */
const weightEnding = /^(.+?)[./_](?:weight|weights|kernel|gamma|scale|w|W)(?:[:_]0)?$/;

/** Names that an exporter gave to tensors that it had changed or made itself. */
const exportersOwn = /^onnx::|^\d+$|^const_fold|(?:^|\/)Constant(?:_\d+)?_output_\d+$/;

/**
 * What a layer is called in the model itself: by its weight ("layer1.0.conv1.weight"), by the path that PyTorch's exporter
 * writes ("/layer1/layer1.0/conv1/Conv"), else by its operator.
 * @param weight name of the initializer, if the operator has one
 */
export function layerName(node: NodeProto, weight?: string): string {
  const ofWeight = weight !== undefined && !exportersOwn.test(weight) && weightEnding.exec(weight)?.[1];
  if (ofWeight) return ofWeight;
  const path = node.name.split("/").filter((part) => part !== "");
  // PyTorch's exporter repeats the path down to each part: layer1, layer1.0.
  const parts = path.filter((part, at) => !path[at + 1]?.startsWith(`${part}.`));
  // Our own nodes are called after what they make.
  if (parts.length > 1 && parts[0] === node.opType) return parts.slice(1).join(".");
  const operator = new RegExp(`^${escaped(node.opType)}(?:_\\d+)?$`);
  const last = parts.at(-1);
  if (last !== undefined && operator.test(last)) {
    parts.pop();
    // A layer with weights has a name of its own, an operator in a block doesn't, unless its module is called so.
    const isNamed = parts.length > 0 && (weight !== undefined || isCalledAfter(parts.at(-1)!, node));
    if (!isNamed) parts.push(last.toLowerCase());
  }
  return parts.length > 0 ? parts.join(".") : `${node.opType.toLowerCase()}_${node.output[0]}`;
}

function isCalledAfter(part: string, { opType }: NodeProto): boolean {
  return part.toLowerCase().replace(/_?\d*$/, "") === opType.toLowerCase();
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, "\\$&");
}

/** What a tensor that no layer holds is called. */
export function weightName(node: NodeProto, weight: string): string {
  return exportersOwn.test(weight) ? `${layerName(node)}.constant` : weight;
}
