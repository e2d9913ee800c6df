import { expect, test } from "vitest";
import { graph, node, value } from "./graph-builder.ts";
import { freshPrefix, indexGraph, nodesBehind } from "./graph-index.ts";
import { floatTensor } from "./tensors.ts";

/** image -> Relu a -> Add(a, k) b -> Relu c, a -> Shape s -> Cast t, and k = Neg(w) */
function branching() {
  const nodes = [
    node("Relu", ["image"], ["a"]),
    node("Neg", ["w"], ["k"]),
    node("Add", ["a", "k"], ["b"]),
    node("Relu", ["b"], ["c"]),
    node("Shape", ["a"], ["s"]),
    node("Cast", ["s"], ["t"], { to: 1 }),
  ];
  const initializers = [floatTensor("w", [1])];
  return indexGraph(graph("g", { nodes, initializers }, [value("image", "float32", [1])], []));
}

test("behind a tensor stand the nodes that carry the image to it, those of several together", () => {
  const index = branching();
  expect(nodesBehind(index, "c")).toEqual([0, 2, 3]);
  expect(nodesBehind(index, "t")).toEqual([]);
  expect(nodesBehind(index, "k")).toEqual([]);
  expect(nodesBehind(index, "a", "c", "nowhere")).toEqual([0, 2, 3]);
  expect(index.sources).toEqual([[], [], [0], [2], [0], []]);
});

test("a chain of a hundred thousand operators is followed to its start", () => {
  const nodes = Array.from({ length: 100_000 }, (_, at) =>
    node("Relu", [at === 0 ? "image" : `t${at - 1}`], [`t${at}`]),
  );
  const index = indexGraph(graph("g", { nodes, initializers: [] }, [value("image", "float32", [1])], []));
  expect(nodesBehind(index, "t99999")).toHaveLength(100_000);
});

test("a fresh prefix is the wanted one with as many underscores as it takes", () => {
  const prefixBeside = (...names: string[]) => {
    const nodes = names.map((name) => node("Relu", ["image"], [name]));
    const initializers = [floatTensor("own___weights", [1])];
    return freshPrefix(indexGraph(graph("g", { nodes, initializers }, [], [])), "mine");
  };
  expect(prefixBeside()).toBe("mine");
  expect(prefixBeside("min", "our_mine")).toBe("mine");
  expect(prefixBeside("mine/a")).toBe("mine_");
  expect(prefixBeside("mine__/a", "mine/a")).toBe("mine___");
});
