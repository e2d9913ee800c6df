/** The messages between the fuzzer and a process that opens cases; plain data. */

/** Which case: by number, or a known one by name. */
export type CaseName = { readonly seed: number; readonly number: number } | { readonly known: string };

export interface CaseOrder {
  readonly name: CaseName;
  /** Where its files are to be, empty so far. */
  readonly folder: string;
}

export type FindingKind =
  | "internal" // something else than an AppError, or an AppError that says so of itself
  | "message" // too long, or of characters that don't belong in a line
  | "nonsense" // opened without complaint, and can't be so
  | "outside" // read what isn't the case's
  | "leftover" // left something among the temporary files
  | "memory"
  | "hang"
  | "crash";

export interface Problem {
  readonly kind: FindingKind;
  readonly what: string;
}

/** What came of opening a case. */
export interface CaseOutcome {
  readonly mutations: readonly string[];
  /** Code and message of the refusal; absent if it was opened. */
  readonly refused?: { readonly code: string; readonly message: string };
  readonly problems: readonly Problem[];
  /** Resident memory above what the process had before, at its highest. */
  readonly grownBytes: number;
  readonly cpuMs: number;
}

export type CaseReport =
  | { readonly report: "ready" }
  /** The case's files are there; opening it begins. */
  | { readonly report: "made"; readonly mutations: readonly string[] }
  | { readonly report: "done"; readonly outcome: CaseOutcome };
