/** What an actor keeps busy while it fires. */
export type Site = "device" | "uplink" | "server" | "downlink";

/** A part of a plan's network that fires once per sample that reaches it. */
export interface Actor {
  readonly name: string;
  readonly kind: "source" | "segment" | "head" | "decision" | "transfer" | "delay" | "answer";
  /** Time of one firing, ms. */
  readonly firingMs: number;
  /** Absent where nothing is busy: a signal in transit, a decision, which is timed with its head. */
  readonly site?: Site;
  /** The stage of the plan that it belongs to, from 1: what lies between two exits. */
  readonly stage?: number;
  /** SHA-256 of the networks that it runs a part of, in their order, where the plan isn't of the backbone alone. */
  readonly networks?: readonly string[];
}

/** A queue of tokens between two actors. */
export interface Channel {
  /** Indices of actors. */
  readonly from: number;
  readonly to: number;
  /**
   * Tokens that a firing of `from` puts in on average. Which samples leave is decided by data; the share of those
   * that continue is the rate, so the graph is balanced in expectation.
   */
  readonly produced: number;
  /** Tokens that a firing of `to` takes out. */
  readonly consumed: number;
}

/**
 * A synchronous-dataflow graph: actors fire as soon as their channels hold what they consume.
 * @see Lee & Messerschmitt 1987, "Synchronous Data Flow", doi:10.1109/PROC.1987.13876
 */
export interface SdfGraph {
  readonly actors: readonly Actor[];
  readonly channels: readonly Channel[];
}

/** @returns [channels][actors]: tokens that a firing of the actor adds to the channel, negative for those it takes */
export function topologyMatrix({ actors, channels }: SdfGraph): number[][] {
  return channels.map(({ from, to, produced, consumed }) =>
    actors.map((_, actor) => (actor === from ? produced : 0) - (actor === to ? consumed : 0)),
  );
}
