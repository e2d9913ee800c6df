import type { FileReferences } from "../../../../shared/fleet/job-ticket.ts";
import type { Outcome } from "../../../../shared/ipc/outcome.ts";
import type { GuardLimits } from "../../onnx/probe/guard-probe.ts";

/** The messages between a worker and the process in which a job is done; plain data. */

/** Sent when there is a job. */
export interface JobRequest {
  readonly kind: string;
  readonly options: unknown;
  /** Where the job's files lie, and where its results are to be written. */
  readonly inputFolder: string;
  readonly resultFolder: string;
  readonly cacheFolder: string;
  /** What work takes where it doesn't say. */
  readonly threads: number;
  /** A Python that runs what is measured; see `WorkerOptions`. */
  readonly runtime?: string;
  /** What the child keeps to by itself, should the worker be unable to end it. */
  readonly limits: GuardLimits;
}

/** After that, whatever comes over the wire from the other side. */
export interface WireMessage {
  readonly wire: Uint8Array;
}

/** What was written to the result's folder: the value as JSON, and its files in a folder beside it. */
export interface WrittenResult {
  readonly seconds: number;
  readonly value: FileReferences[string];
  readonly files: FileReferences;
}

export const valueFile = "value.json";
export const filesFolder = "files";

export type JobMessage =
  | { readonly say: "progress"; readonly done: number; readonly note?: string }
  | { readonly say: "warning"; readonly text: string }
  | { readonly say: "wire"; readonly bytes: Uint8Array }
  | { readonly say: "done"; readonly result: WrittenResult }
  | { readonly say: "failed"; readonly outcome: Outcome };
