import { z } from "zod";
import { AppError, type ErrorCode } from "../base/errors.ts";

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
  return { ok: false, error: { code, message, details } };
}

/** @throws AppError if the outcome is a failure */
export function unwrap(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.value;
  const { code, message, details } = outcome.error;
  throw new AppError(code as ErrorCode, message, details);
}
