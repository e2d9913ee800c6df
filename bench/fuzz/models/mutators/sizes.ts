import { node } from "../../../../electron/engine/onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../../../../electron/engine/onnx/tensors.ts";
import { pick } from "../../drawing/draw.ts";
import type { Mutator } from "../../mutator.ts";
import type { ModelSubject } from "../model-subject.ts";
import { insertBehind } from "./insert-behind.ts";

const elements = [0, 1, 1000, 1e6, 3e8, 1e10, 2e12, -1];

/** A few bytes that ask for so many zeros, and add one of them. */
export const hugeConstant: Mutator<ModelSubject> = {
  id: "huge-constant",
  mutate: ({ proto }, random) => {
    const count = pick(random, elements);
    const maker = pick(random, ["ConstantOfShape", "Expand", "Tile", "Range"]);
    const first = {
      ConstantOfShape: node("ConstantOfShape", ["huge/shape"], ["huge/zeros"]),
      Expand: node("Expand", ["huge/zero", "huge/shape"], ["huge/zeros"]),
      Tile: node("Tile", ["huge/row", "huge/shape"], ["huge/zeros"]),
      Range: node("Range", ["huge/start", "huge/end", "huge/step"], ["huge/whole"]),
    }[maker]!;
    const cast = maker === "Range" ? [node("Cast", ["huge/whole"], ["huge/zeros"], { to: 1 })] : [];
    return insertBehind(proto.graph, random, (from, to) => ({
      nodes: [
        first,
        ...cast,
        node("ReduceMin", ["huge/zeros"], ["huge/sum"], { keepdims: 0 }),
        node("Add", [from, "huge/sum"], [to]),
      ],
      initializers: [
        intTensor("huge/shape", [count]),
        floatTensor("huge/zero", [0], []),
        floatTensor("huge/row", [0]),
        intTensor("huge/start", [0], []),
        intTensor("huge/end", [count], []),
        intTensor("huge/step", [1], []),
      ],
    }));
  },
};
