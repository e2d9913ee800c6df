import type { NodeProto } from "../../gen/onnx_pb.ts";

/** A label for each axis; those of an ellipsis are `...0` for the last, `...1` for the last but one, and so on. */
export interface EinsumLabels {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/**
 * What the axes of an Einsum's operands and of its result are called.
 * @param ranks of the operands, for an ellipsis stands for as many axes as are left
 * @see https://onnx.ai/onnx/operators/onnx__Einsum.html
 */
export function einsumLabels({ attribute }: NodeProto, ranks: readonly number[]): EinsumLabels {
  const stored = attribute.find(({ name }) => name === "equation")?.s;
  const [left, right] = new TextDecoder().decode(stored).replaceAll(" ", "").split("->");
  const inputs = left.split(",").map((term, at) => expanded(term, ranks[at] ?? 0));
  if (right === undefined) return { inputs, output: implied(inputs) };
  const hidden = inputs.flat().filter((label) => label.startsWith("..."));
  const named = right.replace("...", "").length;
  return { inputs, output: expanded(right, named + new Set(hidden).size) };
}

function expanded(term: string, rank: number): string[] {
  const [before, after] = term.split("...").map((letters) => [...letters]);
  if (!after) return before;
  const count = Math.max(0, rank - before.length - after.length);
  return [...before, ...Array.from({ length: count }, (_, at) => `...${count - 1 - at}`), ...after];
}

/** Without an arrow: what an ellipsis stands for, then the letters that stand there once, by the alphabet. */
function implied(inputs: EinsumLabels["inputs"]): string[] {
  const counts = new Map<string, number>();
  for (const label of inputs.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const hidden = [...counts.keys()].filter((label) => label.startsWith("..."));
  const once = [...counts.keys()].filter((label) => !label.startsWith("...") && counts.get(label) === 1);
  return [...hidden.sort().reverse(), ...once.sort()];
}
