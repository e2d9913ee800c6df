import { type Head, untrainedHeads } from "../heads/head.ts";
import { headKinds } from "../heads/index.ts";
import { readyHeads } from "../heads/ready-head.ts";
import { cutPointByTensor } from "../onnx/backbone.ts";
import type { Project } from "../project/project.ts";

/**
 * The heads that a project is profiled with: its own, or before training those that came with the model and the default
 * kind at every cut point, in the order that training will give them.
 */
export function profiledHeads({ backbone, heads }: Project): readonly Head[] {
  if (heads.length > 0) return heads;
  const [kind] = headKinds;
  const untrained = untrainedHeads(backbone, [{ kind, options: kind.options.parse({}) }]);
  const place = (head: Head) => cutPointByTensor(backbone.summary, head.cutPoint).index;
  return [...readyHeads(backbone), ...untrained].sort((a, b) => place(a) - place(b));
}

/** Whether heads are of the same forms, at the same places: then they take equally long. */
export function areSameHeads(some: readonly Head[], others: readonly Head[]): boolean {
  const forms = (heads: readonly Head[]) =>
    heads.map(({ cutPoint, kind, macs, bytes }) => [cutPoint, kind, macs, bytes].join("\n"));
  return forms(some).join("\n\n") === forms(others).join("\n\n");
}
