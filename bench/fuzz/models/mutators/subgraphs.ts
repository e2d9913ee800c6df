import { graph, node, value } from "../../../../electron/engine/onnx/graph-builder.ts";
import { boolTensor, intTensor } from "../../../../electron/engine/onnx/tensors.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileSafeInteger } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import type { ModelSubject } from "../model-subject.ts";
import { insertBehind } from "./insert-behind.ts";

/** An If in an If in an If, several in each if they like. */
export const nestSubgraphs: Mutator<ModelSubject> = {
  id: "nest-subgraphs",
  mutate: ({ proto }, random) => {
    const depth = manyTimes(random, 200);
    const fan = depth < 10 ? manyTimes(random, 3) : 1;
    return insertBehind(proto.graph, random, (from, to) => {
      let count = 0;
      const branch = (left: number): ReturnType<typeof graph> => {
        const names = Array.from({ length: fan }, () => `branch${count++}`);
        const nodes = names.map((name) =>
          left === 0
            ? node("Identity", [from], [name])
            : node("If", ["nest/yes"], [name], { then_branch: branch(left - 1), else_branch: branch(0) }),
        );
        return graph("branch", { nodes, initializers: [] }, [], [value(names[0], "float32")]);
      };
      const body = branch(depth);
      return {
        nodes: [node("If", ["nest/yes"], [to], { then_branch: body, else_branch: branch(0) })],
        initializers: [boolTensor("nest/yes", true)],
      };
    });
  },
};

/** A loop of so many rounds; without end where no number is given. */
export const loop: Mutator<ModelSubject> = {
  id: "loop",
  mutate: ({ proto }, random) => {
    const rounds = pick(random, [0, 1, 3, hostileSafeInteger(random)]);
    const body = graph(
      "body",
      { nodes: [node("Identity", ["go"], ["on"]), node("Add", ["x", "x"], ["y"])], initializers: [] },
      [value("i", "int64", []), value("go", "bool", []), value("x", "float32")],
      [value("on", "bool", []), value("y", "float32")],
    );
    const counted = random() < 0.7;
    return insertBehind(proto.graph, random, (from, to) => ({
      nodes: [node("Loop", [counted ? "loop/rounds" : "", "loop/yes", from], [to], { body })],
      initializers: [boolTensor("loop/yes", true), intTensor("loop/rounds", [rounds], [])],
    }));
  },
};

/** A graph in an attribute that nothing asks for. */
export const strayGraph: Mutator<ModelSubject> = {
  id: "stray-graph",
  mutate: ({ proto }, random) => {
    let inner = graph("stray", { nodes: [node("Identity", ["x"], ["y"])], initializers: [] }, [], []);
    for (let depth = manyTimes(random, 500); depth > 0; depth--)
      inner = graph("stray", { nodes: [node("Own", [], [], { inner })], initializers: [] }, [], []);
    pick(random, proto.graph.node).attribute.push(...node("Own", [], [], { inner }).attribute);
    return true;
  },
};
