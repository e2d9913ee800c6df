import type { z } from "zod";
import type { Job } from "../../../shared/base/job.ts";
import type { JobNeeds } from "../../../shared/fleet/job-ticket.ts";
import type { StageCache } from "../base/cache.ts";
import type { ProbeLimits } from "../onnx/probe/model-probe.ts";

/** What work gets besides what it works on. */
export interface WorkContext {
  readonly cache: StageCache;
  readonly job: Job;
  /** Makes something for this job, and for those after it that are done in the same process: see `JobKind.lasting`. Absent where there are none. */
  readonly once?: Once;
}

/** @param name of what is made, among all that a job has made so */
export type Once = <Thing>(name: string, make: () => Promise<Thing>) => Promise<Thing>;

/** A thing by its name, made when it is first asked for. */
export function makeOnce(): Once {
  const made = new Map<string, Promise<unknown>>();
  return <Thing>(name: string, make: () => Promise<Thing>) => {
    const thing = made.get(name) ?? make();
    made.set(name, thing);
    return thing as Promise<Thing>;
  };
}

/** What a job is opened with. */
export interface OpeningContext extends WorkContext {
  /** What a model's first run may take. */
  readonly limits?: ProbeLimits;
}

/** Another job's side of something that two workers do together, and how the two find each other. */
export interface Meeting {
  /** Random, so that nobody else can guess it. */
  readonly id: string;
  readonly side: string;
  /** The worker that has the other side, and its side. */
  readonly peer: { readonly worker: string; readonly side: string };
}

/** Messages to and from the other side, in order; what is sent while nobody hears it is lost. */
export interface Wire {
  send(bytes: Uint8Array): void;
  /** Calls back for every message from now on. */
  listen(listener: (bytes: Uint8Array) => void): void;
}

/** What a job is run with, where it is run. */
export interface RunContext extends WorkContext {
  /** What counts energy there, `auto` if absent; a command may stand behind it, so it is no option that a job is sent with. */
  readonly energySensor?: string;
  /** To the other side, for a kind that has one. */
  readonly wire?: Wire;
}

/** Files by their names among those of a job. */
export type JobFiles = Readonly<Record<string, Uint8Array>>;

/**
 * A file that is made when it is to be sent, so that not all of them are in memory at once. What several jobs need is one object
 * in all of them, and is made and sent once.
 */
export interface LazyFile {
  bytes(): Promise<Uint8Array>;
}

/** Files that a worker is to be sent, by their names among those of a job. */
export type PackedFiles = Readonly<Record<string, Uint8Array | LazyFile>>;

/** What a job gives: something that JSON can hold, and whatever is too large for that. */
export interface JobResult<Value> {
  readonly value: Value;
  readonly files: JobFiles;
}

/**
 * A kind of work that can be done here or by a worker elsewhere. Here it is `run` on what is open already; elsewhere its
 * subject is packed, opened again by the doors that every file passes, and `run` in a process of its own; what comes back
 * counts once it was checked.
 */
export interface JobKind<Subject, Options, Value> {
  readonly id: string;
  /** Rises when the same inputs come to give another result: what was made before is not taken any more. */
  readonly edition: number;
  /** Whether it measures whoever does it, so that another's result is not the same. */
  readonly isMeasurement: boolean;
  readonly options: z.ZodType<Options>;
  readonly value: z.ZodType<Value>;
  /** What a result's files may take together; a worker's result is not even fetched if it is larger. */
  readonly maxResultBytes: number;
  needs(options: Options): JobNeeds;
  /**
   * Files of which what was opened serves other jobs too. A worker's process that has done a job stays for the next of this kind
   * if it has the same such files; it ends with its job if absent.
   */
  readonly lasting?: readonly string[];
  /** What a worker has to be sent. The same subject gives the same bytes, so that the job is known to be the same. */
  pack(subject: Subject, options: Options): Promise<PackedFiles>;
  /**
   * Opens what was packed, which a stranger may have changed: models have their first run in a process of their own.
   * @param folder in which the files lie under their names
   * @throws AppError
   */
  open(folder: string, options: Options, context: OpeningContext): Promise<Subject>;
  /** @throws AppError */
  run(subject: Subject, options: Options, context: RunContext): Promise<JobResult<Value>>;
  /** Whom it does its work with, if it does it with another; the job does it alone if absent. */
  meeting?(options: Options): Meeting;
  /**
   * Whether a result can be one of this subject, beyond its schema: who made it may be broken, or lie.
   * @throws AppError 'fleet-unavailable' with what is wrong with it, as a clause
   */
  check(result: JobResult<Value>, subject: Subject, options: Options): void;
  /** Whether a result that somebody has had is kept for whoever asks for the same; any is if absent. */
  isReusable?(value: Value): boolean;
}

/** Does jobs, wherever that is. */
export interface JobRunner {
  /** @throws AppError what the kind throws; 'fleet-unavailable' where a worker was to do it and can't; 'cancelled' */
  run<Subject, Options, Value>(
    kind: JobKind<Subject, Options, Value>,
    subject: Subject,
    options: Options,
    context: RunContext,
  ): Promise<JobResult<Value>>;
  /**
   * How many jobs are done at once where others do them: a stage divides its work then. Absent where it is all done here.
   * @throws AppError 'fleet-unavailable' if the server doesn't answer
   */
  places?(): Promise<number>;
}
