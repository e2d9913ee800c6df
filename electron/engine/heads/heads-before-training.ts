import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { type Head, untrainedHeads } from "./head.ts";
import { type HeadWish, headsFor } from "./head-choices.ts";
import { readyHeads } from "./ready-head.ts";

/**
 * The heads that a network will have as a wish says, in the order that training gives them: those that came with it, and untrained
 * ones in the place of those that are still to learn, which take as long.
 */
export function headsBeforeTraining(backbone: Backbone, wish: HeadWish): Head[] {
  const heads = [...readyHeads(backbone), ...untrainedHeads(backbone, headsFor(backbone, wish))];
  const place = ({ cutPoint }: Head) => cutPointByTensor(backbone.summary, cutPoint).index;
  return heads.sort((a, b) => place(a) - place(b));
}
