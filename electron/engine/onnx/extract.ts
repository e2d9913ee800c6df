import { AppError } from "../../../shared/base/errors.ts";
import type { Fragment } from "./graph-builder.ts";
import { type GraphIndex, readsShapeAlone } from "./graph-index.ts";

/**
 * The part of a graph that makes `outputs` from `inputs`: its nodes in order, with the constants that they read.
 * Nodes that compute constants are taken along, so a piece stands on its own. The batch, which `foldShapes` lets the
 * graph read from the shape of the image, is read from the shape of the first of `inputs`.
 * @throws AppError 'internal' if an output depends on a graph input that isn't behind one of `inputs`
 */
export function extract(index: GraphIndex, inputs: readonly string[], outputs: readonly string[]): Fragment {
  const given = new Set(inputs);
  const needed = new Set<number>();
  const constants = new Set<string>();
  const pending = outputs.filter((name) => !given.has(name));
  const seen = new Set(pending);
  while (pending.length > 0) {
    const name = pending.pop()!;
    const number = index.producer.get(name);
    if (number === undefined) {
      if (!index.initializers.has(name))
        throw new AppError("internal", `tensor ${name} is not behind ${inputs.join(", ")}`);
      constants.add(name);
      continue;
    }
    needed.add(number);
    if (readsOnlyShapeOfInput(number)) continue;
    for (const read of index.reads[number]) {
      if (given.has(read) || seen.has(read)) continue;
      seen.add(read);
      pending.push(read);
    }
  }
  return {
    nodes: [...needed]
      .sort((a, b) => a - b)
      .map((number) =>
        readsOnlyShapeOfInput(number) ? { ...index.nodes[number], input: [inputs[0]] } : index.nodes[number],
      ),
    initializers: [...constants].map((name) => index.initializers.get(name)!),
  };

  function readsOnlyShapeOfInput(number: number): boolean {
    const [source] = index.nodes[number].input;
    const isInput = !index.producer.has(source) && !index.initializers.has(source);
    return readsShapeAlone(index.nodes[number]) && isInput && !given.has(source);
  }
}
