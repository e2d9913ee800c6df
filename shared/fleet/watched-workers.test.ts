import { expect, it } from "vitest";
import { madeUpWorker } from "./testing/made-up-worker.ts";
import { activityOf, watchedAfter } from "./watched-workers.ts";
import type { WorkerState } from "./worker-state.ts";

function worker(name: string, upSeconds: number, doing: WorkerState["doing"] = null): WorkerState {
  return { ...madeUpWorker, name, instance: `${name}-1`, tags: [], upSeconds, doing };
}

it("a worker is free or busy, and silent once it says nothing new for six seconds", () => {
  const first = watchedAfter([], [worker("pi", 60)], 1000);
  expect(activityOf(first[0], 1000)).toEqual({ kind: "free", forSeconds: 60 });
  const doing = { job: "0".repeat(64), kind: "profile", done: 0.4, forSeconds: 12 };
  const busy = watchedAfter(first, [worker("pi", 63, doing)], 3000);
  expect(activityOf(busy[0], 3000)).toEqual({ kind: "busy", what: "profile", done: 0.4, forSeconds: 12 });
  // The same state again: nothing was heard since.
  const later = watchedAfter(busy, [worker("pi", 63, doing)], 8999);
  expect(activityOf(later[0], 8999).kind).toBe("busy");
  const silent = watchedAfter(later, [worker("pi", 63, doing)], 9000);
  expect(activityOf(silent[0], 9000)).toEqual({ kind: "silent", forSeconds: 6 });
});

it("one that goes is seen going for a minute, and takes its place again when it comes back", () => {
  const both = watchedAfter([], [worker("pi", 1), worker("orin", 1)], 0);
  expect(both.map(({ state }) => state.name)).toEqual(["orin", "pi"]);
  const gone = watchedAfter(both, [worker("orin", 3)], 2000);
  expect(gone.map(({ goneAtMs }) => goneAtMs)).toEqual([null, 2000]);
  expect(activityOf(gone[1], 7000)).toEqual({ kind: "gone", forSeconds: 5 });
  expect(watchedAfter(gone, [worker("orin", 63)], 61_999)).toHaveLength(2);
  expect(watchedAfter(gone, [worker("orin", 64)], 62_000)).toHaveLength(1);
  const again = { ...worker("pi", 0), instance: "pi-2" };
  const back = watchedAfter(gone, [again, worker("orin", 5)], 4000);
  expect(back.map(({ state, goneAtMs }) => [state.instance, goneAtMs])).toEqual([
    ["orin-1", null],
    ["pi-2", null],
  ]);
});
