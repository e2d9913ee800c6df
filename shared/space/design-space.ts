import { AppError } from "../base/errors.ts";
import { isSameChain, type PartitionedPlan } from "../model/plan.ts";
import type { SearchSpace } from "./search-space.ts";

/** The border between device and server: what one sample takes up to it and across it, ms. */
export interface Partition {
  readonly tensor: string;
  readonly position: number;
  readonly deviceMs: number;
  /** How long the tensor occupies the link, and the answer on its way back. */
  readonly uplinkMs: number;
  readonly downlinkMs: number;
  /** One way. */
  readonly delayMs: number;
}

/** The search space of all plans that go through the same networks and have the same partition. */
export interface DesignSpace {
  readonly space: SearchSpace;
  /** SHA-256 of the networks that a sample meets one after the other, each whole; absent: the backbone alone. */
  readonly chain?: readonly string[];
  /** Absent: everything on the device. */
  readonly partition?: Partition;
}

/** What of a plan says on which space it is evaluated. */
export type Design = Pick<PartitionedPlan, "chain" | "cut">;

/** What plans found in a space are to say of it. */
export function designOf({ chain, partition }: DesignSpace): Design {
  return { ...(chain && { chain }), ...(partition && { cut: partition.tensor }) };
}

/** The space that a plan is evaluated on, if there is one. */
export function findSpace<On extends DesignSpace>(spaces: readonly On[], design: Design): On | undefined {
  return spaces.find((on) => isSameChain(on, design) && on.partition?.tensor === design.cut);
}

/** As `findSpace`. @throws AppError 'file-invalid' if the networks or the partition are none of the spaces' */
export function spaceOfPlan(spaces: readonly DesignSpace[], design: Design): DesignSpace {
  const found = findSpace(spaces, design);
  if (found) return found;
  const { chain, cut } = design;
  if (chain && !spaces.some((on) => isSameChain(on, design)))
    throw new AppError(
      "file-invalid",
      `the plan goes through the networks ${chain.map((sha256) => `${sha256.slice(0, 8)}…`).join(", then ")}, ` +
        "which are not all among the project's networks that were timed; profile them, or choose another plan",
    );
  const known = spaces.flatMap(({ partition }) => partition?.tensor ?? []).join(", ");
  throw new AppError(
    "file-invalid",
    `the plan is partitioned at ${cut}, where device and server can't share the network; they can at ${known || "no tensor"}`,
  );
}
