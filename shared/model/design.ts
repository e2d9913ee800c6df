import { z } from "zod";
import { linkSchema } from "./link.ts";
import { chainSchema, networksOf, type PartitionedPlan, partitionFields, planExitSchema } from "./plan.ts";
import { searchOptionsSchema } from "./stage-options.ts";
import { useCaseSchema } from "./use-case.ts";

/** Of what a person says of a pinned plan or of a run, characters. */
export const longestNote = 500;

const note = z.string().min(1).max(longestNote);

/** A plan kept for comparison. */
const pinnedPlanSchema = z.object({
  name: z.string().min(1).max(80),
  /** What the person says of it; absent where that is nothing. */
  note: note.optional(),
  exits: z.array(planExitSchema),
  /** Like the partition, absent from older files. */
  chain: chainSchema.optional(),
  ...partitionFields,
});

/** Plans that can be compared side by side. */
export const maxPinnedPlans = 4;

/** A second target that may take over from the first. */
export const secondTargetSchema = z.object({
  /** Id of the server's profile. */
  server: z.string(),
  link: linkSchema,
});

const designOffloadSchema = secondTargetSchema.extend({
  ...partitionFields,
});

const { algorithm, policies, maxExits, levels, budget, seed, compare, goal, timeLimit } =
  searchOptionsSchema.shape;

/** How plans are searched for in this project, where that differs from the defaults. */
export const searchChoicesSchema = z
  .object({
    algorithm: algorithm.unwrap(),
    /** By algorithm, so that trying another one loses nothing. */
    algorithmOptions: z.record(z.string(), z.record(z.string(), z.unknown())),
    policies: policies.unwrap(),
    maxExits: maxExits.unwrap(),
    levels: levels.unwrap(),
    budget: budget.unwrap(),
    seed: seed.unwrap(),
    compare: compare.unwrap(),
    goal: goal.unwrap(),
    /** Seconds; null for as long as it takes. */
    timeLimit: timeLimit.unwrap().nullable(),
    refine: z.boolean(),
    crossFit: z.boolean(),
    cut: z.boolean(),
  })
  .partial();

/** What the person designs on top of a project: every field is undoable and saved with the project. */
export const designSchema = z.object({
  /** The live plan, exits in the order that a sample meets them. */
  exits: z.array(planExitSchema),
  /** Networks that the live plan goes through, as `planSchema` has them. */
  chain: chainSchema.optional(),
  pinned: z.array(pinnedPlanSchema).max(maxPinnedPlans),
  useCase: useCaseSchema,
  /** Id of the profile that latencies are taken from, see `chosenProfile`; null before one is chosen. */
  target: z.string().nullable(),
  /** What the person calls the targets, by the ids of their profiles; absent from older files. */
  targetNames: z.record(z.string(), z.string().min(1).max(80)).optional(),
  /** What the person says of training runs, by their numbers; absent from older files. */
  runNotes: z.record(z.string(), note).optional(),
  /** Absent from older files, and with one target. */
  offload: designOffloadSchema.optional(),
  /** Absent from older files, and where nothing was chosen. */
  search: searchChoicesSchema.optional(),
});

export type SecondTarget = Readonly<z.infer<typeof secondTargetSchema>>;
export type DesignOffload = Readonly<z.infer<typeof designOffloadSchema>>;
export type PinnedPlan = Readonly<z.infer<typeof pinnedPlanSchema>>;
export type SearchChoices = Readonly<z.infer<typeof searchChoicesSchema>>;
export type Design = Readonly<z.infer<typeof designSchema>>;

/** The plan that is designed, with its networks and its partition. */
export function designedPlan({
  exits,
  chain,
  offload,
}: Pick<Design, "exits" | "chain" | "offload">): PartitionedPlan {
  return { exits, chain, cut: offload?.cut, cutMember: offload?.cutMember };
}

/**
 * The design without the plans that go through networks that are gone, or have changed.
 * @param backbone SHA-256 of the project's
 * @param gone SHA-256
 */
export function designWithout(design: Design, backbone: string, gone: readonly string[]): Design {
  const isKept = (plan: Pick<PartitionedPlan, "chain">) =>
    !networksOf(plan, backbone).some((sha256) => gone.includes(sha256));
  const pinned = design.pinned.filter(isKept);
  if (isKept(design)) return { ...design, pinned };
  const { offload } = design;
  const unpartitioned = offload && { server: offload.server, link: offload.link };
  return { ...design, pinned, exits: [], chain: undefined, offload: unpartitioned };
}

export const emptyDesign: Design = {
  exits: [],
  pinned: [],
  useCase: { latency: "mean", maxDropPp: 0.5 },
  target: null,
};

const index = z.number().int().nonnegative();

/** Version 1 counted profiles. */
export const designOfVersionOneSchema = designSchema.extend({
  target: index,
  offload: designOffloadSchema.extend({ server: index }).optional(),
});

export type DesignOfVersionOne = Readonly<z.infer<typeof designOfVersionOneSchema>>;

/**
 * A design of any version as one of today.
 * @param ids of the profiles that an older one counts
 */
export function upgradeDesign(
  { target, offload, ...rest }: Design | DesignOfVersionOne,
  ids: readonly string[],
): Design {
  const named = (profile: string | number | null) =>
    typeof profile === "number" ? (ids[profile] ?? null) : profile;
  const server = offload ? named(offload.server) : null;
  return {
    ...rest,
    target: named(target),
    offload: offload && server !== null ? { ...offload, server } : undefined,
  };
}
