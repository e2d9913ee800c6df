import { z } from "zod";
import { amount, milliseconds, share } from "./bounds.ts";

const latencyFields = {
  medianMs: milliseconds,
  /** Without the smallest and largest quarter; what plans are evaluated with, for means add up. */
  meanMs: milliseconds,
  p5Ms: milliseconds,
  p95Ms: milliseconds,
  count: z.number().int().positive(),
  /** 95 % confidence interval of the mean, low and high; of all but the backbone at the backbone's mean, for what is known is their ratio. */
  intervalMs: z
    .tuple([milliseconds, milliseconds])
    .refine(([low, high]) => low <= high, "the low end comes first")
    .optional(),
  /** Energy of one run, as the profile's sensor counts it, what idles included. */
  energyMillijoules: amount.optional(),
  /** Its 95 % confidence interval, low and high; of all but the backbone at the backbone's energy. */
  energyIntervalMillijoules: z
    .tuple([amount, amount])
    .refine(([low, high]) => low <= high, "the low end comes first")
    .optional(),
};

function rises({
  p5Ms,
  medianMs,
  p95Ms,
}: {
  readonly p5Ms: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}): boolean {
  return p5Ms <= medianMs && medianMs <= p95Ms;
}

const notRising = "expected p5Ms, medianMs and p95Ms to rise";

/** What one thing that was timed takes; what is optional was not measured where it is absent. */
const latencySchema = z.object(latencyFields).refine(rises, notRising);

/** @param nameOf what only one of them may have */
function timedOnce<Schema extends z.ZodType>(schema: Schema, nameOf: (item: z.output<Schema>) => string) {
  return z.array(schema).refine((items) => new Set(items.map(nameOf)).size === items.length, {
    error: "the same is timed twice",
  });
}

export const targetSchema = z.object({
  device: z.string(),
  operatingSystem: z.string(),
  runtime: z.string(),
  provider: z.string(),
  threads: z.number().int().positive(),
});

/** What the energies of a profile were counted by, or why none were. */
export const energySensorSchema = z.union([
  z.object({
    /** What the sensor covers, for people: "RAPL package-0". */
    name: z.string(),
  }),
  z.object({ none: z.string() }),
]);

/** How steady the target was while it was measured, and so how far its latencies can be trusted. */
export const profileQualitySchema = z.object({
  /** Share of the processor that other work took meanwhile, 0-1. */
  load: share.optional(),
  /** Share of the clock's time that other work took out of the runs themselves, 0-1. */
  lost: share.optional(),
  /** Distance of the quartiles of the backbone's times, over their median. */
  spread: amount.optional(),
  /** How far the slowest stretch of the measurement was behind the fastest: 0.1 for a tenth. */
  drift: amount.optional(),
  /** Slowest and fastest clock that was seen, where the system tells. */
  clockMhz: z.tuple([amount, amount]).optional(),
  /** Half width of the widest prefix's interval, over the backbone's latency. */
  halfWidth: amount.optional(),
  trust: z.enum(["good", "fair", "poor"]),
  /** Why not more, in sentences for people. */
  reasons: z.array(z.string()).default([]),
});

const prefixesSchema = timedOnce(
  z.object({ ...latencyFields, cutPoint: z.string() }).refine(rises, notRising),
  ({ cutPoint }) => cutPoint,
);

const headsSchema = timedOnce(
  z
    .object({ ...latencyFields, cutPoint: z.string(), head: z.string(), policy: z.string() })
    .refine(rises, notRising),
  ({ cutPoint, head, policy }) => JSON.stringify([cutPoint, head, policy]),
);

/** Latencies of a further network of the project on the same target, at the backbone's pace. */
export const memberProfileSchema = z.object({
  graphSha256: z.string(),
  name: z.string(),
  /** What a sample costs before the network starts: bringing the image to its own size and scale. */
  entry: latencySchema.optional(),
  /** See the same fields of the backbone. */
  backbone: latencySchema,
  final: latencySchema,
  prefixes: prefixesSchema,
  heads: headsSchema,
  branch: latencySchema.optional(),
});

const contentSchema = z.object({
  format: z.literal("offramp-profile"),
  version: z.literal(2),
  /** See `BackboneSummary.graphSha256`; any name for a network from elsewhere. */
  graphSha256: z.string(),
  target: targetSchema,
  quality: profileQualitySchema.optional(),
  /** Absent in older profiles, where energy was not measured. */
  energySensor: energySensorSchema.optional(),
  /** The backbone as it came: what a plan is compared with. */
  backbone: latencySchema,
  /** The backbone as the last stage of a plan, which also states its confidence. */
  final: latencySchema,
  /** Latency of the backbone from its input to each cut point. */
  prefixes: prefixesSchema,
  /** What each head with its decision adds to its prefix. */
  heads: headsSchema,
  /** What the branch behind any exit takes, which is in `heads` already: what an exit at a network's own output costs. */
  branch: latencySchema.optional(),
  /** Further networks that a plan may begin with; absent where the project had none. */
  members: timedOnce(memberProfileSchema, ({ graphSha256 }) => graphSha256).optional(),
  /** Other networks that were timed in turns with the backbone, at its pace, to compare plans with. */
  references: z
    .array(z.object({ ...latencyFields, graphSha256: z.string(), name: z.string() }).refine(rises, notRising))
    .optional(),
  /** Time per backbone operator from ONNX Runtime's own profiler; fused operators share under the first name. */
  nodes: z.array(z.object({ node: z.string(), meanMs: milliseconds })),
});

/** Version 1 named the model by its file, see `BackboneSummary.fileSha256`. */
const versionOneSchema = contentSchema
  .omit({ graphSha256: true })
  .extend({ version: z.literal(1), backboneSha256: z.string() })
  .transform(
    ({ backboneSha256, ...rest }): ProfileContent => ({ ...rest, version: 2, graphSha256: backboneSha256 }),
  );

/** The format of `profile.json`; made on any machine by `offramp profile`, imported on any other. */
export const profileFileSchema = z.discriminatedUnion("version", [contentSchema, versionOneSchema]);

/** A profile and who it is; the id follows from the content, so files need none and one that they hold is not read. */
export const profileSchema = contentSchema.extend({ id: z.string() });

export type ProfileQuality = Readonly<z.infer<typeof profileQualitySchema>>;
export type EnergySensor = z.infer<typeof energySensorSchema>;
export type Latency = z.infer<typeof latencySchema>;
export type MemberProfile = z.infer<typeof memberProfileSchema>;
export type Target = z.infer<typeof targetSchema>;
export type ProfileContent = z.infer<typeof contentSchema>;
export type Profile = z.infer<typeof profileSchema>;

/** The profile of an id, or the first one: of a design that names none yet, or one that is gone. */
export function chosenProfile(
  profiles: readonly Profile[],
  id: string | null | undefined,
): Profile | undefined {
  return profiles.find((profile) => profile.id === id) ?? profiles[0];
}

/** What a profile says of a network by itself. */
export type NetworkProfile = Omit<MemberProfile, "name">;

/** What of a profile its networks' latencies are read from. */
export type TimedNetworks = Omit<NetworkProfile, "entry"> & Pick<Profile, "members">;

/**
 * What a profile says of a further network; undefined if it hasn't timed that. Weights don't matter to latencies, so one that was
 * tuned takes what the network takes that it was tuned from, the backbone too.
 */
export function memberProfile(
  profile: TimedNetworks,
  { graphSha256 }: { readonly graphSha256: string },
): NetworkProfile | undefined {
  const timed = profile.members?.find((own) => own.graphSha256 === graphSha256);
  return timed ?? (profile.graphSha256 === graphSha256 ? profile : undefined);
}

/** Mean latency of a network by itself from the decoded image on, as it came, ms. */
export function aloneMs({ entry, backbone }: Pick<MemberProfile, "entry" | "backbone">): number {
  return (entry?.meanMs ?? 0) + backbone.meanMs;
}

/** The same of a network in a plan, which also states its confidence. */
export function wholeStageMs({ entry, final }: Pick<MemberProfile, "entry" | "final">): number {
  return (entry?.meanMs ?? 0) + final.meanMs;
}
