import { z } from "zod";
import { progressSchema } from "./events.ts";
import { outcomeSchema } from "./outcome.ts";

/** Messages from the main process to the engine process. */
export const toEngineSchema = z.union([
  z.object({ kind: z.literal("call"), call: z.string(), channel: z.string(), request: z.unknown() }),
  z.object({ kind: z.literal("cancel"), call: z.string() }),
]);

/** Messages from the engine process to the main process. */
export const fromEngineSchema = z.union([
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("outcome"), call: z.string(), outcome: outcomeSchema }),
  z.object({ kind: z.literal("progress"), progress: progressSchema }),
]);

export type ToEngine = z.infer<typeof toEngineSchema>;
export type FromEngine = z.infer<typeof fromEngineSchema>;
