import { AppError, messageWithRemedy } from "../../shared/base/errors.ts";
import { systemFailure } from "../disk/system-failure.ts";
import { printJson, sayLines } from "./print.ts";
import { remedies } from "./remedies.ts";

/** Any failure as a person reads it at a terminal, with what to do about it. */
export function describedFailure(error: unknown): AppError {
  const known = error instanceof AppError ? error : systemFailure(error);
  if (known) return new AppError(known.code, messageWithRemedy(known, remedies), known.details);
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(
    "internal",
    `unexpected failure: ${message.split("\n", 1)[0]}; run again with --verbose for details`,
  );
}

/**
 * Says a failure as one line on the error stream, with where it arose and what caused it if that is wanted, and to programs.
 * @returns the exit code
 */
export function reportFailure(
  error: unknown,
  { verbose, json }: { readonly verbose?: boolean; readonly json?: boolean },
): number {
  const known = describedFailure(error);
  sayLines([`offramp: ${known.message}`, ...(verbose ? detailLines(error) : [])]);
  if (json) printFailure(known);
  if (known.code === "cancelled") return 130;
  return known.code === "usage" ? 2 : 1;
}

/** What is said where a person has stopped a command. @param how as in "stopped" */
export function stoppedText(how: "stopped" | "stopped at once"): string {
  return `${how}; what was finished is kept, the next run continues from there`;
}

/** A failure for programs that read our output; the error stream has it in words. */
export function printFailure({ code, message }: Pick<AppError, "code" | "message">): void {
  printJson({ error: { code, message } });
}

/** Errors that have errors as their causes, so many levels deep. */
const deepestCause = 5;
const longestStack = 30;

/** All of the message, where it arose, and what caused it. Indented, so that no line of others' looks like ours. */
function detailLines(error: unknown): string[] {
  const lines: string[] = [];
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < deepestCause; depth++) {
    if (cause instanceof AppError && cause.unabridged !== undefined) lines.push(cause.unabridged);
    const stack = (cause.stack ?? String(cause)).split("\n").slice(0, longestStack);
    lines.push(...(depth === 0 ? stack : [`caused by ${stack[0]}`, ...stack.slice(1)]));
    cause = cause.cause;
  }
  return lines.map((line) => `  ${line}`);
}
