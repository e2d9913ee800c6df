import type { Head } from "../heads/head.ts";
import { headsBeforeTraining } from "../heads/heads-before-training.ts";
import { headKinds } from "../heads/index.ts";
import type { Project } from "../project/project.ts";

/**
 * The heads that a project is profiled with: its own, or before training those that came with the model, or if none did the
 * default kind at every cut point.
 */
export function profiledHeads({ backbone, heads }: Project): readonly Head[] {
  if (heads.length > 0) return heads;
  const [kind] = headKinds;
  const wish = { heads: [{ kind, options: kind.options.parse({}) }], spareReady: true };
  return headsBeforeTraining(backbone, wish);
}

/** Whether heads are of the same forms, at the same places: then they take equally long. */
export function areSameHeads(some: readonly Head[], others: readonly Head[]): boolean {
  const forms = (heads: readonly Head[]) =>
    heads.map(({ cutPoint, kind, macs, bytes }) => [cutPoint, kind, macs, bytes].join("\n"));
  return forms(some).join("\n\n") === forms(others).join("\n\n");
}
