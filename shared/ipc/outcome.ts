import { z } from "zod";
import { AppError, type ErrorCode, type ErrorDetails, type OutputCandidate } from "../base/errors.ts";
import { shortenMiddle } from "../base/plain-text.ts";

const outputCandidateSchema = z.object({
  name: z.string(),
  type: z.string(),
  shape: z.array(z.number()).readonly(),
});

/** An error as it crosses a process border: data, without its stack. */
const errorDataSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(
    z.string(),
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.array(z.string()).readonly(),
      z.array(outputCandidateSchema).readonly(),
    ]),
  ),
});

export const outcomeSchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorDataSchema }),
]);

export type Outcome = z.infer<typeof outcomeSchema>;

/** @param unexpected told of errors that are no `AppError`: faults of ours, for the log */
export function failure(error: unknown, unexpected: (error: unknown) => void): Outcome {
  if (!(error instanceof AppError)) unexpected(error);
  const { code, message, details } =
    error instanceof AppError
      ? error
      : new AppError(
          "internal",
          "something in Offramp failed that should not; please report it with the log",
        );
  return { ok: false, error: { code, message, details: bounded(details) } };
}

/** What of a detail crosses at most: texts of so many characters, lists of so many entries. */
const longestDetail = 4096;
const longestList = 1000;

/** Details may hold what a request or a file held. */
function bounded(details: ErrorDetails): ErrorDetails {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => {
      if (typeof value === "string") return [key, shortenMiddle(value, longestDetail)];
      if (typeof value !== "object") return [key, value];
      // One that is too long to be named back can't be chosen.
      const fits = (entry: string | OutputCandidate) =>
        (typeof entry === "string" ? entry : entry.name).length <= longestDetail;
      return [key, value.filter(fits).slice(0, longestList)];
    }),
  ) as ErrorDetails;
}

/** @throws AppError if the outcome is a failure */
export function unwrap(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.value;
  const { code, message, details } = outcome.error;
  throw new AppError(code as ErrorCode, message, details);
}
