import type { SweepResult } from "../../evaluate/sweep.ts";
import type { FrontPoint } from "./front-point.ts";

/** The state of a search at one of its pauses. */
export interface SearchStanding {
  /** Plans evaluated so far. */
  readonly evaluations: number;
  /** The front so far, by rising latency; worked out when it is asked for. */
  front(): FrontPoint[];
  /** What may still be missing at the most, as in `SearchResult.gap`; worked out when it is asked for. */
  gap(): number | undefined;
}

/** Watches a search without taking part in it: the result is the same with and without. */
export interface SearchObserver {
  /** Told every answer; its arrays hold until the next one. Called in the inner loop, so it has to be quick. */
  evaluated(result: SweepResult): void;
  /** Called at pauses, tens of times a second; whoever needs it less often leaves some out. */
  paused(standing: SearchStanding): void;
}
