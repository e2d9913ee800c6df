import type { BackboneSummary, GraphNode, TensorInfo } from "../../../shared/model/backbone.ts";

/** Shape and type of every tensor that flows between operators, the model's input among them. */
export function tensorsOf({ input, nodes }: BackboneSummary): ReadonlyMap<string, TensorInfo> {
  const { name, type, layout, channels, height, width } = input;
  const shape = layout === "NCHW" ? [1, channels, height, width] : [1, height, width, channels];
  return new Map([
    [name, { name, shape, type }],
    ...nodes.flatMap(({ outputs }) => outputs.map((output) => [output.name, output] as const)),
  ]);
}

/** Tensors that come into a group of operators from outside it, and those that leave it or end there. */
export function bordersOf(
  group: readonly GraphNode[],
  { nodes, output }: BackboneSummary,
): { readonly inputs: readonly string[]; readonly outputs: readonly string[] } {
  const inside = new Set(group.map(({ name }) => name));
  const made = new Set(group.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
  const readOutside = new Set(nodes.filter(({ name }) => !inside.has(name)).flatMap(({ inputs }) => inputs));
  const inputs = new Set(group.flatMap((node) => node.inputs).filter((tensor) => !made.has(tensor)));
  const outputs = [...made].filter((tensor) => readOutside.has(tensor) || tensor === output.name);
  return { inputs: [...inputs], outputs };
}

/** As "1 x 16 x 28 x 28 float32". */
export function describeTensor({ shape, type }: Pick<TensorInfo, "shape" | "type">): string {
  return `${shape.join(" × ") || "scalar"} ${type}`;
}

/** Operators by how often they occur in a group, most frequent first: "Conv ×2, Relu". */
export function describeOperators(group: readonly GraphNode[]): string {
  const counts = new Map<string, number>();
  for (const { operator } of group) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([operator, count]) => (count > 1 ? `${operator} ×${count}` : operator))
    .join(", ");
}
