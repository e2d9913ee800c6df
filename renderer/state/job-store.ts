import { create } from "zustand";
import type {
  ChannelName,
  Request,
  Response,
  SearchProgress,
  TuningProgress,
} from "../../shared/ipc/channels.ts";
import type { WorkerProgress } from "../../shared/ipc/events.ts";
import { type HeadCurve, withCurves } from "../../shared/model/head-curve.ts";
import type { JobKind } from "../../shared/presentation/progress/stage-state.ts";
import type { ShownJob } from "../ui/JobProgress.tsx";
import { call, isCancelled } from "./call.ts";
import { notifyError } from "./notice-store.ts";

export interface RunningJob extends ShownJob {
  readonly kind: JobKind;
  readonly startedAt: number;
  readonly stageStartedAt: number;
  /** Share of the stage that was there when it began: of work that goes on, or was done before. */
  readonly stageStartedShare: number;
  readonly search: SearchProgress | null;
  readonly tuning: TuningProgress | null;
  /** Of the heads that have learnt something in it. */
  readonly curves: readonly HeadCurve[];
  /** Of each worker that it was given to; null if that is this machine. */
  readonly workers: readonly WorkerProgress[] | null;
  /** What the person should know of its result. */
  readonly warnings: readonly string[];
}

export const useJobs = create<Readonly<Partial<Record<JobKind, RunningJob>>>>()(() => ({}));

function setJob(kind: JobKind, change: Partial<RunningJob>): void {
  const job = useJobs.getState()[kind];
  if (job) useJobs.setState({ [kind]: { ...job, ...change } });
}

interface JobOptions {
  /** Shows a failure elsewhere than in a notice. */
  onFailure?(error: unknown): void;
  /** Asks the engine to end it with what it has; it is cancelled if that can't be asked. */
  finish?(): Promise<unknown>;
  /** Names of the workers that do it. */
  readonly workers?: readonly string[];
}

/** Tells of a failure of a job until the next of its kind begins. */
export function failureOf(kind: JobKind): (error: unknown) => void {
  return (error) =>
    notifyError(error, {
      about: `job ${kind}`,
      isOver: () => useJobs.getState()[kind] !== undefined,
    });
}

/**
 * Runs a request as a job with progress and stop. Failures are shown to the person here; cancelling is no failure.
 * @returns undefined if it failed or was stopped
 */
export async function runJob<Name extends ChannelName>(
  kind: JobKind,
  channel: Name,
  request: Request<Name>,
  { onFailure = failureOf(kind), finish, workers }: JobOptions = {},
): Promise<Response<Name> | undefined> {
  if (useJobs.getState()[kind]) return undefined;
  const abort = new AbortController();
  const now = performance.now();
  const cancel = () => {
    setJob(kind, { stopping: true });
    abort.abort();
  };
  const keep = (finish: NonNullable<JobOptions["finish"]>) => () => {
    setJob(kind, { stopping: true });
    finish().catch(cancel);
  };
  useJobs.setState({
    [kind]: {
      kind,
      stage: null,
      share: 0,
      note: null,
      startedAt: now,
      stageStartedAt: now,
      stageStartedShare: 0,
      stopping: false,
      search: null,
      tuning: null,
      curves: [],
      workers: workers?.map((name) => ({ name, state: "working", share: 0, note: null })) ?? null,
      warnings: [],
      stop: finish ? keep(finish) : cancel,
      cancel: finish && cancel,
    },
  });
  try {
    return await call(channel, request, {
      signal: abort.signal,
      onProgress: ({ stage, share, note, search, tuning, curves, workers, warning }) => {
        const before = useJobs.getState()[kind];
        const sameStage = before?.stage === stage;
        setJob(kind, {
          stage,
          share,
          note,
          search: search ?? before?.search ?? null,
          tuning: tuning ?? before?.tuning ?? null,
          curves: curves ? withCurves(before?.curves ?? [], curves) : (before?.curves ?? []),
          workers: workers ?? before?.workers ?? null,
          warnings: [...(before?.warnings ?? []), ...(warning === null ? [] : [warning])],
          ...(sameStage ? {} : { stageStartedAt: performance.now(), stageStartedShare: share }),
        });
      },
    });
  } catch (error) {
    if (!isCancelled(error)) onFailure(error);
    return undefined;
  } finally {
    useJobs.setState({ [kind]: undefined });
  }
}

/** Seconds left of the running stage, from what it has done in its time so far; undefined while unknown. */
export function secondsLeft({ share, stageStartedAt, stageStartedShare }: RunningJob): number | undefined {
  const elapsed = (performance.now() - stageStartedAt) / 1000;
  const done = share - stageStartedShare;
  return share > 0.02 && done > 0.005 && elapsed > 0.5 ? (elapsed * (1 - share)) / done : undefined;
}
