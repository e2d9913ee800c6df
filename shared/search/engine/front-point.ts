import type { PlanPoint } from "../../pareto/pareto-front.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";

/** A plan among a space's candidates. */
export interface PlacedPlan {
  /** In the order that a sample meets them; none for the backbone alone. */
  readonly exits: readonly ThresholdedExit[];
  /** See `planSchema`; its exits are candidates of that chain's space. */
  readonly chain?: readonly string[];
  /** The partition: tensor where the plan passes between two targets; absent on one target. */
  readonly cut?: string;
  /** Member whose tensor that is. */
  readonly cutMember?: string;
}

/** A plan on the front; its latency is the one that the use case names. */
export interface FrontPoint extends PlacedPlan, PlanPoint {
  /** Samples that it gets right, each as often as it weighs. */
  readonly right: number;
}
