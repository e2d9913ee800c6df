import type { BackboneSummary } from "./backbone.ts";
import type { PlanExit } from "./plan.ts";

/** Indices of the cut points that the exits are at; exits of other models are left out. */
export function cutIndices(backbone: BackboneSummary, exits: readonly PlanExit[]): readonly number[] {
  const indices = new Map(backbone.cutPoints.map(({ tensor, index }) => [tensor, index]));
  return exits.flatMap(({ cutPoint }) => indices.get(cutPoint) ?? []);
}
