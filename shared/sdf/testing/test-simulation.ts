/** What a sample does on its way: it keeps a worker busy, or is under way without any. */
export interface Step {
  readonly worker?: string;
  readonly ms: number;
}

export interface Simulated {
  /** From arrival to answer, averaged over all samples. */
  readonly meanLatencyMs: number;
  readonly samplesPerSecond: number;
}

/**
 * A discrete-event simulation: samples arrive, queue first come first served for workers that do one thing at a
 * time, and leave at the end of their steps.
 * @param traces one per sample, in the order of arrival
 * @param gapMs time to the next arrival
 */
export function simulate(traces: readonly (readonly Step[])[], gapMs: () => number): Simulated {
  const clock = createClock();
  const queues = new Map<string, { busy: boolean; waiting: (() => void)[] }>();
  const arrivedAt = new Float64Array(traces.length);
  let latencySum = 0;
  let arrived = 0;

  function arrive(): void {
    const sample = arrived++;
    arrivedAt[sample] = clock.now();
    if (arrived < traces.length) clock.after(gapMs(), arrive);
    go(sample, 0);
  }

  function go(sample: number, at: number): void {
    const step = traces[sample].at(at);
    const next = () => go(sample, at + 1);
    if (!step) latencySum += clock.now() - arrivedAt[sample];
    else if (step.worker === undefined) clock.after(step.ms, next);
    else serve(step.worker, step.ms, next);
  }

  function serve(worker: string, ms: number, next: () => void): void {
    const queue = queues.get(worker) ?? { busy: false, waiting: [] };
    queues.set(worker, queue);
    const start = () => {
      queue.busy = true;
      clock.after(ms, () => {
        queue.busy = false;
        queue.waiting.shift()?.();
        next();
      });
    };
    if (queue.busy) queue.waiting.push(start);
    else start();
  }

  clock.after(0, arrive);
  clock.run();
  return {
    meanLatencyMs: latencySum / traces.length,
    samplesPerSecond: (1000 * traces.length) / clock.now(),
  };
}

/** Runs what is due in the order of its time, and of its asking where times are equal. */
function createClock() {
  const events: { readonly at: number; readonly run: () => void }[] = [];
  let now = 0;
  return {
    now: () => now,
    after(ms: number, run: () => void) {
      const at = now + ms;
      let place = events.length;
      while (place > 0 && events[place - 1].at <= at) place--;
      events.splice(place, 0, { at, run });
    },
    run() {
      for (let event = events.pop(); event; event = events.pop()) {
        now = event.at;
        event.run();
      }
    },
  };
}
