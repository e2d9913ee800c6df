/** One time of something that is run again and again. */
export interface Timing {
  /** What a run needed by itself. */
  readonly ms: number;
  /** What a run took by the clock. */
  readonly wallMs: number;
  /** When, by the clock of the measurement. */
  readonly atMs: number;
  readonly round: number;
}
