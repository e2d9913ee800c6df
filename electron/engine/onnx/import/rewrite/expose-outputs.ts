import { create } from "@bufbuild/protobuf";
import { AppError } from "../../../../../shared/base/errors.ts";
import {
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "../../gen/onnx_pb.ts";
import { pruneGraph } from "../../prune-graph.ts";
import { listInShort } from "../analysis/list-in-short.ts";

/** Sequences may hold as many tensors as a graph has outputs. */
const mostExposed = 1000;

/** Tensors that are outputs of a graph now. */
export interface ExposedOutputs {
  /** Those that the file gives, or what its maps and sequences are made of. */
  readonly given: readonly string[];
  /** The one that a person asks for, among `given` or not. */
  readonly asked?: string;
}

/**
 * Leaves a graph those outputs that may hold class scores: tensors. A ZipMap, which only puts class names to scores,
 * is replaced by the scores that it reads, and a sequence by the tensors that it is made of; ONNX Runtime's Node
 * binding can hand out neither.
 * @param asked a tensor that is to be an output too, wherever in the graph it is made
 * @throws AppError 'usage' if nothing makes `asked`, 'model-unsupported' if no output is left, or too many
 */
export function exposeOutputs(graph: GraphProto, asked: string | undefined, where: string): ExposedOutputs {
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const declared = listInShort(graph.output, ({ name }) => name) || "none";
  if (asked !== undefined && !makers.has(asked))
    throw new AppError("usage", `${where} makes no tensor '${asked}'; its outputs are ${declared}`);
  const exposed = new Map<string, ValueInfoProto>();
  const expose = (name: string, output?: ValueInfoProto): string => {
    const tensors = unpacked(name, makers);
    if (tensors.length > mostExposed || exposed.size > mostExposed)
      throw new AppError(
        "model-unsupported",
        `${where} gives more than ${mostExposed} tensors in its outputs (${declared}); remove those that hold no class scores`,
      );
    for (const tensor of tensors) {
      const known = tensor === name ? output : undefined;
      if (!exposed.has(tensor)) exposed.set(tensor, known ?? create(ValueInfoProtoSchema, { name: tensor }));
    }
    return tensors[0];
  };
  for (const output of graph.output)
    if (mayBeTensor(output) || unpacked(output.name, makers)[0] !== output.name) expose(output.name, output);
  const given = [...exposed.keys()];
  const wanted = asked === undefined ? undefined : expose(asked);
  if (exposed.size === 0)
    throw new AppError(
      "model-unsupported",
      `${where} gives no tensor (its outputs are ${declared}); expected class scores, float [1, classes]`,
    );
  pruneGraph(graph, [...exposed.values()]);
  return { given, asked: wanted };
}

/** Operators that pass a map on; more stand in a row for nobody's use. */
const longestPass = 100;

/** What a map or a sequence is made of; of anything else itself. */
function unpacked(name: string, makers: ReadonlyMap<string, NodeProto>): string[] {
  let maker = makers.get(name);
  for (let passed = 0; maker?.opType === "Identity" && passed < longestPass; passed++)
    maker = makers.get(maker.input[0]);
  if (maker?.opType === "ZipMap") return [maker.input[0]];
  return maker?.opType === "SequenceConstruct" ? maker.input : [name];
}

/** An output that doesn't state its type may be one. */
function mayBeTensor({ type }: ValueInfoProto): boolean {
  const kind = type?.value.case;
  return kind === undefined || kind === "tensorType";
}
