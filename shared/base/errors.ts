import { boundMessage, oneLine } from "./plain-text.ts";

/** What went wrong, as a closed set: callers branch on it, people read the message. */
export type ErrorCode =
  | "usage" // a flag or option is unknown, missing or out of range
  | "cancelled" // the person stopped the job
  | "file-not-found"
  | "file-unreadable" // a folder for a file, no permission, an empty or truncated file
  | "output-unwritable" // the output place can't be created or is full
  | "model-invalid" // not ONNX, or ONNX that breaks its own specification
  | "model-unsupported" // valid ONNX that is no image classifier we can cut
  | "model-crashed" // ONNX Runtime died or ran out of memory while loading or running it
  | "data-invalid" // the data set can't be read as what it claims to be
  | "data-mismatch" // the data set doesn't fit the model or the split sizes asked for
  | "backbone-at-chance" // the backbone guesses on this data set, so something about it is wrong
  | "shape-mismatch" // arrays of unequal size: a programming or file error
  | "file-invalid" // one of our own files (plan, profile, table, project) is malformed
  | "training-failed" // PyTorch gave up on tuning, in its own words
  | "infeasible" // the use case can't be met
  | "engine-crashed" // the engine process died while it worked on this
  | "out-of-memory" // this process gets no more memory
  | "system" // the system refuses what Offramp needs: file handles, processes, a library, a file that was there
  | "fleet-unavailable" // the fleet's server or a worker isn't there, refuses, or is of another version
  | "busy" // more requests at once than can be answered, or somebody else works on the same
  | "internal";

/**
 * What the person has to provide, or replace, before it works: `details.missing` of an error. How it is given
 * differs between command line and app, so the message leaves it out and each of them adds its own words.
 */
export const missingThings = [
  "inputSize",
  "output",
  "classes",
  "trainAnyway",
  "layout",
  "imageSize",
  "profile",
  "headLatencies",
  "energy",
  "policyTable",
  "answers",
  "plan",
  "exportedPlan",
  "memberPreprocess",
  "project",
  "server",
  "cacheFolder",
  "diskSpace",
  "memory",
  "fileHandles",
  "library",
  "python",
  "imageBudget",
  "trainingFolder",
  "fleetServer",
  "fleetCredentials",
  "fleetCertificate",
] as const;
export type Missing = (typeof missingThings)[number];

/** A tensor that may hold a model's class scores: `details.candidates` where `output` is missing. */
export interface OutputCandidate {
  readonly name: string;
  readonly type: string;
  /** At batch 1. */
  readonly shape: readonly number[];
}

/** Extra facts about an error, for machines and logs; plain JSON. */
export type ErrorDetails = Readonly<
  Record<string, string | number | boolean | readonly string[] | readonly OutputCandidate[]>
>;

/** What to do about each missing thing, as the end of a sentence. */
export type Remedies = Readonly<Record<Missing, string | ((details: ErrorDetails) => string)>>;

/**
 * The one error type that crosses module borders. The message is one line for a person: what is wrong,
 * where, what was expected and what to do. Names, paths and others' errors may stand in it as they are: it is
 * made plain and bounded here.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** All of a message that had to be shortened, plain too. */
  readonly unabridged?: string;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    const whole = oneLine(message);
    const names = Object.values(details).filter((value) => typeof value === "string");
    const bounded = boundMessage(whole, names);
    super(bounded, options);
    this.code = code;
    this.details = details;
    if (whole !== bounded) this.unabridged = whole;
  }
}

/** Closes a switch over a union: a new member becomes a type error here. */
export function assertNever(value: never): never {
  throw new AppError("internal", `unexpected value ${JSON.stringify(value)}`);
}

/** An error's message with what to do about it, where it says what is missing. */
export function messageWithRemedy({ message, details }: AppError, remedies: Remedies): string {
  const missing = missingThings.find((thing) => thing === details.missing);
  if (!missing) return message;
  const remedy = remedies[missing];
  return `${message}; ${typeof remedy === "string" ? remedy : remedy(details)}`;
}
