/**
 * Per sample and exit of a split: how confident the exit is, and whether its prediction is right.
 * Row-major [exits + 1, samples]; rows follow the exits' order, the backbone's own output is the last row.
 * Confidences rise with certainty under every policy.
 */
export interface ConfidenceTable {
  readonly exits: number;
  readonly samples: number;
  readonly confidence: Float32Array;
  /** 1 right, 0 wrong. */
  readonly correct: Uint8Array;
  /** Class that the output answers; absent in tables that came from elsewhere without it. */
  readonly predicted?: Int32Array;
  /** Class of each sample [samples]; absent like `predicted`, and in tables of older projects. */
  readonly labels?: Int32Array;
}
