import { z } from "zod";

/** Latencies of one thing that was timed, in ms. */
export const latencySchema = z.object({
  medianMs: z.number().nonnegative(),
  /** Without the smallest and largest quarter; what plans are evaluated with, for means add up. */
  meanMs: z.number().nonnegative(),
  p5Ms: z.number().nonnegative(),
  p95Ms: z.number().nonnegative(),
  count: z.number().int().positive(),
});

export const targetSchema = z.object({
  device: z.string(),
  operatingSystem: z.string(),
  runtime: z.string(),
  provider: z.string(),
  threads: z.number().int().positive(),
});

/** The format of `profile.json`; made on any machine by `offramp profile`, imported on any other. */
export const profileSchema = z.object({
  format: z.literal("offramp-profile"),
  version: z.literal(1),
  backboneSha256: z.string(),
  target: targetSchema,
  /** The backbone as it came: what a plan is compared with. */
  backbone: latencySchema,
  /** The backbone as the last stage of a plan, which also states its confidence. */
  final: latencySchema,
  /** Latency of the backbone from its input to each cut point. */
  prefixes: z.array(latencySchema.extend({ cutPoint: z.string() })),
  /** What each head with its decision adds to its prefix. */
  heads: z.array(latencySchema.extend({ cutPoint: z.string(), head: z.string(), policy: z.string() })),
  /** Time per backbone operator from ONNX Runtime's own profiler; fused operators share under the first name. */
  nodes: z.array(z.object({ node: z.string(), meanMs: z.number().nonnegative() })),
});

export type Latency = z.infer<typeof latencySchema>;
export type Target = z.infer<typeof targetSchema>;
export type Profile = z.infer<typeof profileSchema>;
