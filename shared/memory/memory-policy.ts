import type { ExitOutputs, OutputColumn } from "./exit-outputs.ts";

/**
 * A way to decide at each of a plan's exits by what this exit and all before it said.
 *
 * Whatever such a policy remembers, it is a table again: a sample that comes to an exit has passed all exits before it,
 * whatever their thresholds are, so what they said depends on nothing but the sample. So does what the policy makes of it, and
 * samples, searches, bounds and proofs are those of plans without memory; `memory-space.ts` says what such a plan costs.
 */
export interface MemoryPolicy {
  /** A column per exit in order, that of the end last; each reads the outputs up to its own alone. */
  columns(outputs: ExitOutputs): OutputColumn[];
}

/** A kind of policy, and how it learns what it needs. */
export interface MemoryKind {
  readonly id: string;
  readonly title: string;
  /**
   * Policies of this kind for a plan's own exits: one, or one for each setting that there is to choose from.
   * @param outputs of the samples that plans are chosen on
   */
  fit(outputs: ExitOutputs): MemoryPolicy[];
}
