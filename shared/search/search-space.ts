/** A head at a cut point under a policy: one thing that a plan may contain, with all that its evaluation needs. */
export interface Candidate {
  /** Order along the backbone; a plan holds at most one candidate per position, in rising order. */
  readonly position: number;
  readonly cutPoint: string;
  readonly head: string;
  readonly policy: string;
  /** L(e): latency of the backbone up to the cut point, ms. */
  readonly prefixMs: number;
  /** h(e): what the head and its decision add, ms. */
  readonly headMs: number;
  readonly prefixMacs: number;
  readonly headMacs: number;
  readonly headBytes: number;
  /** Per sample [samples]. */
  readonly confidence: Float32Array;
  /** Per sample [samples], 1 right, 0 wrong. */
  readonly correct: Uint8Array;
}

/** Everything that a search needs, and nothing else: one split's table and one target's profile, joined. */
export interface SearchSpace {
  readonly samples: number;
  /** Sorted by position. */
  readonly candidates: readonly Candidate[];
  /** Whether the backbone's own output is right, per sample [samples]. */
  readonly backboneCorrect: Uint8Array;
  readonly backboneMs: number;
  readonly backboneMacs: number;
  readonly backboneBytes: number;
  readonly maxExits: number;
  /** Threshold levels per candidate. */
  readonly levels: number;
}
