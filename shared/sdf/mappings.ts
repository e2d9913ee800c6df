import type { Actor } from "./sdf-graph.ts";

/** A way to distribute a plan's actors over workers that each do one thing at a time. */
export interface Mapping {
  readonly id: string;
  readonly title: string;
  /** The worker that the actor keeps busy, by name; none for a delay or a mere decision. */
  worker(actor: Actor): string | undefined;
}

/** Every mapping; the first is how plans are deployed unless somebody builds a pipeline. */
export const mappings: readonly Mapping[] = [
  { id: "targets", title: "one worker per target", worker: ({ site }) => site },
  {
    id: "stages",
    title: "one worker per stage",
    worker: ({ site, stage }) => (site && stage !== undefined ? `${site} stage ${stage}` : site),
  },
];
