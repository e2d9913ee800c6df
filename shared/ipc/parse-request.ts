import { z } from "zod";
import { AppError } from "../base/errors.ts";
import type { Channel } from "./channels.ts";

/**
 * @returns the request with defaults filled in
 * @throws AppError 'usage' that names the first thing which isn't as the schema says
 */
export function parseRequest(name: string, channel: Channel, given: unknown): unknown {
  const parsed = channel.request.safeParse(given);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new AppError("usage", `${name}: ${z.core.toDotPath(path) || "the request"}: ${message}`);
}
