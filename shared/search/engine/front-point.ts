import type { PlanPoint } from "../../pareto/pareto-front.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";

/** A plan on the front; its latency is the one that the use case speaks of. */
export interface FrontPoint extends PlanPoint {
  /** In the order that a sample meets them; none for the backbone alone. */
  readonly exits: readonly ThresholdedExit[];
  /** Tensor where the plan is cut between two targets; absent on one target. */
  readonly cut?: string;
}
