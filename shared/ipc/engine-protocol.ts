import { z } from "zod";
import { progressSchema } from "./events.ts";
import { outcomeSchema } from "./outcome.ts";

/**
 * What the engine process asks for the child that runs a model for the first time: in a packaged app only the main
 * process can start one, so it relays. `id` names one child.
 */
const probeOrderSchema = z.discriminatedUnion("order", [
  z.object({ order: z.literal("start"), id: z.string() }),
  z.object({ order: z.literal("say"), id: z.string(), message: z.unknown() }),
  z.object({ order: z.literal("kill"), id: z.string() }),
]);

/** What the main process tells of such a child. */
const probeReportSchema = z.discriminatedUnion("report", [
  z.object({ report: z.literal("started"), id: z.string(), pid: z.number().int() }),
  z.object({ report: z.literal("said"), id: z.string(), message: z.unknown() }),
  /** Always the last one, also if it could not be started. */
  z.object({ report: z.literal("ended"), id: z.string(), how: z.string() }),
]);

/** Messages from the main process to the engine process. */
export const toEngineSchema = z.union([
  z.object({ kind: z.literal("call"), call: z.string(), channel: z.string(), request: z.unknown() }),
  z.object({ kind: z.literal("cancel"), call: z.string() }),
  z.object({ kind: z.literal("probe"), probe: probeReportSchema }),
]);

/** Messages from the engine process to the main process. */
export const fromEngineSchema = z.union([
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("outcome"), call: z.string(), outcome: outcomeSchema }),
  z.object({ kind: z.literal("progress"), progress: progressSchema }),
  z.object({ kind: z.literal("probe"), probe: probeOrderSchema }),
]);

export type ProbeOrder = z.infer<typeof probeOrderSchema>;
export type ProbeReport = z.infer<typeof probeReportSchema>;
export type ToEngine = z.infer<typeof toEngineSchema>;
export type FromEngine = z.infer<typeof fromEngineSchema>;
