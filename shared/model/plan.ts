import { z } from "zod";
import { amount, milliseconds, share, threshold } from "./bounds.ts";
import { frontMeasure, type UseCase } from "./use-case.ts";

/** The head of an exit that is a member's own output: `cutPoint` is then the output's name, and nothing was trained. */
export const outputHead = "output";

export const planExitSchema = z.object({
  /** SHA-256 of the member that it is an exit of; the backbone's if absent. */
  member: z.string().optional(),
  cutPoint: z.string(),
  head: z.string(),
  policy: z.string(),
  /** A sample leaves here if its confidence, as float32, is at least this. */
  threshold,
});

/** Where an exit stands: at a cut point of a network, or at the network's own output. */
export type ExitPlace = Readonly<Pick<z.infer<typeof planExitSchema>, "member" | "cutPoint">>;

export function isAt({ member, cutPoint }: ExitPlace, place: ExitPlace): boolean {
  return member === place.member && cutPoint === place.cutPoint;
}

const statedExitSchema = planExitSchema.extend({
  /**
   * Under a policy of thresholds per class, for the reader: from which confidence of the base policy a sample leaves
   * here, by the class that the exit answers [classes]. It follows from the threshold and the project's offsets.
   */
  classThresholds: z.array(threshold).optional(),
});

/** The most networks that a plan goes through. */
export const maxNetworks = 3;

/** SHA-256 of the networks that a sample meets one after the other, each whole. */
export const chainSchema = z.array(z.string()).min(1).readonly();

/** Where a plan passes from a device to a server, in every file that keeps plans. */
export const partitionFields = {
  /**
   * The partition: tensor behind which a server takes over, a network's input if that one is whole on the server; absent if
   * one target runs the plan. Files have called it `cut` from the start, so here and wherever a plan is kept it has this name.
   */
  cut: z.string().optional(),
  /** SHA-256 of the member whose tensor that is; the backbone's if absent. */
  cutMember: z.string().optional(),
};

/** The plan that was chosen on one half of the held-out images, to be reported on the other. */
export const halfPlanSchema = z.object({
  chosenOn: z.enum(["calibration", "test"]),
  exits: z.array(planExitSchema),
  chain: chainSchema.optional(),
  ...partitionFields,
});

/** The policy of a plan's exits that answer for all exits up to them. */
export const ensemblePolicy = "geometric-ensemble";

/** How an output counts itself and those before it in a geometric ensemble. */
export const ensembleSchema = z.object({
  /** The exponent of each output's probabilities, in the order that a sample meets them. */
  weights: z.array(z.number().min(0).max(1e6)).readonly(),
  /** The logarithm of each class's factor [classes]. */
  biases: z.array(z.number().min(-1e6).max(1e6)).readonly(),
});

/** The format of `plan.json`: one design, exits in the order that a sample meets them. */
export const planSchema = z.object({
  format: z.literal("offramp-plan"),
  version: z.literal(1),
  backboneSha256: z.string(),
  exits: z.array(statedExitSchema),
  /** The backbone alone if absent. */
  chain: chainSchema.optional(),
  ...partitionFields,
  /**
   * Of a plan that was chosen on all held-out images, so that none of them can say how accurate it is: the plans that were
   * chosen on each half and are reported on the other in its place; none where the halves had no turn.
   */
  crossFit: z.object({ halves: z.array(halfPlanSchema).max(2) }).optional(),
  /** Of a plan whose exits go by `ensemblePolicy`: one per exit, the end's last. It is fitted to the project's calibration images. */
  ensemble: z.array(ensembleSchema).readonly().optional(),
});

export type HalfPlan = z.infer<typeof halfPlanSchema>;
export type PlanExit = z.infer<typeof planExitSchema>;
export type EnsembleWeights = Readonly<z.infer<typeof ensembleSchema>>;

/** A plan whatever network it is for; see `planSchema`. */
export interface PartitionedPlan {
  readonly exits: readonly PlanExit[];
  readonly chain?: readonly string[];
  readonly cut?: string;
  readonly cutMember?: string;
}

/** The networks that a plan goes through, and where a server takes over: what of it says how its exits are priced. */
export type PlanWay = Pick<PartitionedPlan, "chain" | "cut" | "cutMember">;

/** Where a server takes over, if one does. */
export type PlanPartition = Pick<PartitionedPlan, "cut" | "cutMember">;

export function wayOf({ chain, cut, cutMember }: PlanWay): PlanWay {
  return {
    ...(chain && { chain }),
    ...(cut !== undefined && { cut }),
    ...(cutMember !== undefined && { cutMember }),
  };
}

/** A plan with what its file says of how it was chosen. */
export type ChosenPlan = PartitionedPlan & Pick<Plan, "crossFit" | "ensemble">;

export type StatedExit = z.infer<typeof statedExitSchema>;
export type Plan = z.infer<typeof planSchema>;

/** Tells exits apart: the same ones with the same thresholds. */
export function exitsKey({ exits }: PartitionedPlan): string {
  return JSON.stringify(
    exits.map(({ member, cutPoint, head, policy, threshold }) => [
      cutPoint,
      head,
      policy,
      threshold,
      ...(member === undefined ? [] : [member]),
    ]),
  );
}

/** Tells plans apart: the same exits on the same way have the same key. */
export function planKey(plan: PartitionedPlan): string {
  const { chain, cut, cutMember } = plan;
  return JSON.stringify([exitsKey(plan), chain, cut, cutMember]);
}

/** SHA-256 of the networks that a plan goes through, in order. @param backbone SHA-256 of the project's backbone */
export function networksOf({ chain }: Pick<PartitionedPlan, "chain">, backbone: string): readonly string[] {
  return chain ?? [backbone];
}

/** The same networks as a plan states them. */
export function statedChain(networks: readonly string[], backbone: string): PartitionedPlan["chain"] {
  return networks.length === 1 && networks[0] === backbone ? undefined : networks;
}

/** Whether a plan is what drops and speed-ups refer to: no exits, and no other network either. */
export function isBackbone({
  exits,
  chain,
}: {
  readonly exits: readonly unknown[];
  readonly chain?: readonly string[];
}): boolean {
  return exits.length === 0 && chain === undefined;
}

/** Whether both go through the same networks. */
export function isSameChain(
  { chain }: Pick<PartitionedPlan, "chain">,
  other: Pick<PartitionedPlan, "chain">,
): boolean {
  return chain?.join() === other.chain?.join();
}

/** Whether both pass from device to server at the same place, or neither does. */
export function isSamePartition({ cut, cutMember }: PlanPartition, other: PlanPartition): boolean {
  return cut === other.cut && cutMember === other.cutMember;
}

/** Whether both have the same networks, the same exits with the same thresholds, and the same partition. */
export function isSamePlan(one: PartitionedPlan, other: PartitionedPlan): boolean {
  if (!isSamePartition(one, other) || !isSameChain(one, other)) return false;
  return (
    one.exits === other.exits ||
    (one.exits.length === other.exits.length &&
      one.exits.every(
        ({ member, cutPoint, head, policy, threshold }, index) =>
          member === other.exits[index].member &&
          cutPoint === other.exits[index].cutPoint &&
          head === other.exits[index].head &&
          policy === other.exits[index].policy &&
          threshold === other.exits[index].threshold,
      ))
  );
}

export const latencyFiguresSchema = z.object({
  mean: milliseconds,
  p50: milliseconds,
  p95: milliseconds,
  worst: milliseconds,
});

/** What a plan costs and delivers on one split and one target. */
export const planFiguresSchema = z.object({
  accuracy: share,
  /** Share of samples that only the backbone has right; absent in files that were made before it was counted. */
  lostRate: share.optional(),
  latencyMs: latencyFiguresSchema,
  /** Share of samples that leaves at each exit; the backbone's own output last; sums to 1. */
  exitRates: z.array(share),
  /** Mean multiply-accumulate operations per sample. */
  macs: amount,
  /** Mean energy per sample, mJ; absent where the target's profile doesn't say what all of the plan's parts take. */
  energyMillijoules: amount.optional(),
  /** Weights of backbone and heads, bytes. */
  bytes: amount,
  /** The most bytes of activations alive at once; absent where a network is known by its tables alone. */
  peakActivationBytes: amount.optional(),
});

export type LatencyFigures = z.infer<typeof latencyFiguresSchema>;
export type PlanFigures = z.infer<typeof planFiguresSchema>;

/** What a front counts of a plan, ms or mJ; endless where that isn't known of it. */
export function costOf(
  {
    latencyMs,
    energyMillijoules,
  }: {
    readonly latencyMs: Pick<LatencyFigures, UseCase["latency"]>;
    readonly energyMillijoules?: number;
  },
  useCase: Pick<UseCase, "axis" | "latency">,
): number {
  const measure = frontMeasure(useCase);
  return measure === "energy" ? (energyMillijoules ?? Number.POSITIVE_INFINITY) : latencyMs[measure];
}
