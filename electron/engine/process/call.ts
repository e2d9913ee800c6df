import { cancelledError, type Job } from "../../../shared/base/job.ts";
import { boundMessage } from "../../../shared/base/plain-text.ts";
import type { SearchProgress, TuningProgress } from "../../../shared/ipc/channels.ts";
import type { Progress, WorkerProgress } from "../../../shared/ipc/events.ts";
import { type HeadCurve, withCurves } from "../../../shared/model/head-curve.ts";
import { eventLoopTurns } from "../base/event-loop.ts";
import type { StageName } from "../stages/stage-context.ts";

/** What a handler gets besides its request: where to report to, and how it learns of cancellation. */
export interface Call {
  /**
   * A job whose progress carries the stage's name.
   * @param network whose stage it is, where that isn't the backbone; its notes begin with the name
   */
  job(stage: StageName, network?: string): Job;
  /** Goes out with the next progress. */
  showSearch(search: SearchProgress): void;
  /** Goes out with the next progress. */
  showTuning(tuning: TuningProgress): void;
  /** Goes out with the next progress, together with those of other heads. */
  showCurve(curve: HeadCurve): void;
  /** Goes out with the next progress. */
  showWorkers(workers: readonly WorkerProgress[]): void;
  /** What the person should know of the result, while work goes on. */
  warn(text: string): void;
}

export interface RunningCall extends Call {
  /** From now on `pause` throws. */
  cancel(): void;
  /** Sends the last progress if it hasn't gone out yet. */
  finish(): void;
}

/** What goes out once. */
const nothingShown = { search: null, tuning: null, curves: null, workers: null, warning: null };

/** Shortest time between two messages of progress. */
const intervalMs = 50;

export function startCall(id: string, send: (progress: Progress) => void): RunningCall {
  const turn = eventLoopTurns();
  let cancelled = false;
  let latest: Progress = { call: id, stage: null, share: 0, note: null, ...nothingShown };
  let timer: NodeJS.Timeout | undefined;
  let lastSent = Number.NEGATIVE_INFINITY;

  function show(progress: Partial<Progress>): void {
    latest = { ...latest, ...progress };
    const waitMs = lastSent + intervalMs - performance.now();
    if (waitMs <= 0) flush();
    else timer ??= setTimeout(flush, waitMs);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    send(latest);
    latest = { ...latest, ...nothingShown };
    lastSent = performance.now();
  }

  return {
    job: (stage, network) => ({
      report: (done, total, note) => {
        const words = [network, note].filter((part) => part !== undefined).join(": ");
        show({
          stage,
          share: total > 0 ? Math.min(1, done / total) : 1,
          note: words === "" ? null : boundMessage(words),
        });
      },
      pause: async () => {
        await turn();
        if (cancelled) throw cancelledError();
      },
    }),
    showSearch: (search) => {
      // An algorithm's final progress must not be replaced by the start of the next.
      if (latest.search && latest.search.algorithm !== search.algorithm) flush();
      show({ search });
    },
    showTuning: (tuning) => show({ tuning }),
    showCurve: (curve) => show({ curves: withCurves(latest.curves ?? [], [curve]) }),
    showWorkers: (workers) => show({ workers: [...workers] }),
    warn: (text) => {
      // None replaces another.
      if (latest.warning !== null) flush();
      show({ warning: boundMessage(text) });
    },
    cancel: () => {
      cancelled = true;
    },
    finish: () => {
      if (timer) flush();
    },
  };
}
