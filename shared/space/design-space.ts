import { AppError } from "../base/errors.ts";
import { isSameChain, isSamePartition, type PlanWay } from "../model/plan.ts";
import type { SearchSpace } from "./search-space.ts";

/** The border between device and server: what one sample takes up to it and across it, ms. */
export interface Partition {
  readonly tensor: string;
  /** SHA-256 of the member whose tensor that is; the backbone's if absent. */
  readonly member?: string;
  /** Whether it is the network's input, so that the server runs the whole of it. */
  readonly isInput: boolean;
  /** Order along the chain, as of candidates: exits up to and at it stay on the device. */
  readonly position: number;
  readonly deviceMs: number;
  /** How long what crosses occupies the link, and the answer on its way back. */
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
  /** Whether one of these was tuned. */
  readonly isTuned?: true;
  /** Absent: everything on the device. */
  readonly partition?: Partition;
}

/** What plans found in a space are to say of it. */
export function designOf({ chain, partition }: DesignSpace): PlanWay {
  return { ...(chain && { chain }), ...(partition && cutAt(partition)) };
}

/** A partition as plans say it. */
export function cutAt({ tensor, member }: Pick<Partition, "tensor" | "member">) {
  return { cut: tensor, ...(member !== undefined && { cutMember: member }) };
}

/** The space that a plan is evaluated on, if there is one. */
export function findSpace<On extends DesignSpace>(spaces: readonly On[], design: PlanWay): On | undefined {
  return spaces.find((on) => isSameChain(on, design) && isSamePartition(designOf(on), design));
}

/** As `findSpace`. @throws AppError 'file-invalid' if the networks or the partition are none of the spaces' */
export function spaceOfPlan(spaces: readonly DesignSpace[], design: PlanWay): DesignSpace {
  const found = findSpace(spaces, design);
  if (found) return found;
  const { chain, cut } = design;
  if (chain && !spaces.some((on) => isSameChain(on, design)))
    throw new AppError(
      "file-invalid",
      `the plan goes through the networks ${chain.map((sha256) => `${sha256.slice(0, 8)}…`).join(", then ")}, ` +
        "which are not all among the project's networks that were timed; profile them, or choose another plan",
    );
  const known = spaces
    .filter((on) => isSameChain(on, design))
    .flatMap(({ partition }) => partition?.tensor ?? [])
    .join(", ");
  throw new AppError(
    "file-invalid",
    `the plan is partitioned at ${cut}, where device and server can't share the network; they can at ${known || "no tensor"}`,
  );
}
