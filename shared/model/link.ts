import { z } from "zod";

/** The link between a device and a server: equal in both directions, which don't slow each other down. */
export const linkSchema = z.strictObject({
  latencyMs: z.number().min(0).max(1e9).default(5).describe("time that a signal takes one way, ms"),
  bandwidthMbps: z
    .number()
    .min(0.001)
    .max(1e9)
    .default(100)
    .describe("bandwidth of the link, megabit per second"),
});

export type Link = Readonly<z.infer<typeof linkSchema>>;

/** How long the link is busy with so many bytes, ms. */
export function transferMs({ bandwidthMbps }: Link, bytes: number): number {
  return (8 * bytes) / (1000 * bandwidthMbps);
}
