import { shiftOdds } from "../../../shared/space/shift-odds.ts";
import { joinFragments } from "../onnx/compose.ts";
import { node } from "../onnx/graph-builder.ts";
import { floatTensor } from "../onnx/tensors.ts";
import type { ExitPolicy } from "./exit-policy.ts";

/**
 * Thresholds per class, in the form of one: the odds of the base policy's confidence are multiplied by a factor that
 * goes with the class that the exit answers, so one threshold means another confidence for each class. Offsets are
 * fitted by `fitClassOffsets`, and what the threshold means by class is told by `classThresholds`.
 */
export function perClass(base: ExitPolicy): ExitPolicy {
  return {
    id: `${base.id}-per-class`,
    title: `Per class: ${base.title}`,
    base,
    confidence: (probabilities, offsets) => {
      const answer = probabilities.indexOf(Math.max(...probabilities));
      return shiftOdds(base.confidence(probabilities, offsets), offsets[answer]);
    },
    nodes: (graph) => {
      const { logits, confidence, classOffsets } = graph;
      const own = (name: string) => `${confidence}/${name}`;
      return joinFragments([
        base.nodes({ ...graph, confidence: own("base") }),
        {
          nodes: [
            node("ArgMax", [logits], [own("class")], { axis: 1, keepdims: 0 }),
            node("Gather", [own("factors"), own("class")], [own("factor")]),
            node("Sub", [own("one"), own("base")], [own("doubt")]),
            node("Mul", [own("doubt"), own("factor")], [own("weighed")]),
            node("Add", [own("base"), own("weighed")], [own("sum")]),
            node("Div", [own("base"), own("sum")], [confidence]),
          ],
          initializers: [
            floatTensor(
              own("factors"),
              [...classOffsets.map((offset) => Math.exp(-offset))],
              [graph.classes],
            ),
            floatTensor(own("one"), [1], []),
          ],
        },
      ]);
    },
  };
}
