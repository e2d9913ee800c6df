import type { Actor, Channel, SdfGraph } from "./sdf-graph.ts";

/** A dataflow graph while it is made. */
export interface GraphDrawing {
  readonly graph: SdfGraph;
  /** @returns the actor's index */
  add(actor: Actor): number;
  connect(from: number, to: number, produced: number, consumed: number): void;
  /**
   * Adds an actor that takes one token from each of some others.
   * @param produced tokens per firing of each of them; 1 if absent
   */
  follow(sources: readonly number[], actor: Actor, produced?: number): number;
}

export function createGraphDrawing(): GraphDrawing {
  const actors: Actor[] = [];
  const channels: Channel[] = [];
  const add = (actor: Actor) => actors.push(actor) - 1;
  const connect = (from: number, to: number, produced: number, consumed: number) => {
    channels.push({ from, to, produced, consumed });
  };
  return {
    graph: { actors, channels },
    add,
    connect,
    follow(sources, actor, produced = 1) {
      const added = add(actor);
      for (const source of sources) connect(source, added, produced, 1);
      return added;
    },
  };
}
