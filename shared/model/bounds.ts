import { z } from "zod";

/**
 * How large numbers in files may be: far beyond what is ever measured or counted, and small enough that sums and products
 * of them stay finite.
 */

/** A time, up to eleven days. */
export const milliseconds = z.number().nonnegative().max(1e9);

/** MACs, bytes, parameters. */
export const amount = z.number().nonnegative().max(1e18);

/** A share of a whole, 0-1. */
export const share = z.number().min(0).max(1);

/** What a confidence is compared with; beyond 0 and 1 all or none reach it. */
export const threshold = z.number().min(-1e9).max(1e9);

/** What logits are divided by before the softmax. */
export const temperature = z.number().min(1e-6).max(1e6);
