import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SearchProgress } from "../../../shared/ipc/channels.ts";
import type { Progress } from "../../../shared/ipc/events.ts";
import { startCall } from "./call.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function look(algorithm: string): SearchProgress {
  return { algorithm, evaluations: 1, seconds: 0, hypervolume: 0, front: [], evaluated: new Float32Array() };
}

const nothing = { search: null, tuning: null, curves: null, workers: null, warning: null };

it("sends progress at most every 50 ms, and always the last", () => {
  const sent: Progress[] = [];
  const call = startCall("c", (progress) => sent.push(progress));
  const job = call.job("train");
  for (let step = 1; step <= 100; step++) {
    job.report(step, 200, step === 100 ? "half" : undefined);
    vi.advanceTimersByTime(1);
  }
  expect(sent.length).toBeGreaterThanOrEqual(2);
  expect(sent.length).toBeLessThanOrEqual(3);
  expect(sent[0]).toEqual({ call: "c", stage: "train", share: 0.005, note: null, ...nothing });
  call.finish();
  expect(sent.at(-1)).toEqual({ call: "c", stage: "train", share: 0.5, note: "half", ...nothing });
  const { length } = sent;
  call.finish();
  vi.advanceTimersByTime(1000);
  expect(sent).toHaveLength(length);
});

it("sends what waits when nothing follows", () => {
  const sent: Progress[] = [];
  const job = startCall("c", (progress) => sent.push(progress)).job("load");
  job.report(1, 4);
  job.report(2, 4);
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(50);
  expect(sent.map(({ share }) => share)).toEqual([0.25, 0.5]);
});

it("shows a search once, and how each algorithm ended", () => {
  const sent: Progress[] = [];
  const call = startCall("c", (progress) => sent.push(progress));
  call.job("search").report(1, 4);
  call.showSearch(look("exact"));
  call.showSearch(look("random"));
  vi.advanceTimersByTime(50);
  call.job("search").report(2, 4);
  call.finish();
  expect(sent.map(({ search }) => search?.algorithm)).toEqual([undefined, "exact", "random", undefined]);
});

it("shows how a tuning goes once", () => {
  const sent: Progress[] = [];
  const call = startCall("c", (progress) => sent.push(progress));
  const epochs = [{ epoch: 0, of: 2, accuracies: [0.5, 0.75] }];
  const tuning = { network: "a", exits: [{ cutPoint: "block1", head: "linear" }], epochs };
  call.job("train").report(1, 4);
  call.showTuning(tuning);
  vi.advanceTimersByTime(50);
  call.job("train").report(2, 4);
  call.finish();
  expect(sent.map((progress) => progress.tuning)).toEqual([null, tuning, null]);
});

it("gathers the curves of heads, of each head the newest", () => {
  const sent: Progress[] = [];
  const call = startCall("c", (progress) => sent.push(progress));
  const epoch = (number: number) => ({ epoch: number, trainLoss: 1, loss: 1, accuracy: 0.5 });
  const curve = (cutPoint: string, epochs: number) => ({
    cutPoint,
    kind: "linear",
    epochs: Array.from({ length: epochs }, (_, at) => epoch(at + 1)),
  });
  call.job("train").report(1, 4);
  for (const [cutPoint, epochs] of [["a", 1] as const, ["a", 2] as const, ["b", 1] as const])
    call.showCurve(curve(cutPoint, epochs));
  vi.advanceTimersByTime(50);
  call.showCurve(curve("b", 2));
  call.finish();
  expect(sent.map(({ curves }) => curves)).toEqual([null, [curve("a", 2), curve("b", 1)], [curve("b", 2)]]);
});

it("loses no warning", () => {
  const sent: Progress[] = [];
  const call = startCall("c", (progress) => sent.push(progress));
  call.job("train").report(1, 4);
  call.warn("one");
  call.warn("two");
  call.finish();
  expect(sent.map(({ warning }) => warning)).toEqual([null, "one", "two"]);
});

it("throws at the next pause once it is cancelled", async () => {
  const call = startCall("c", () => {});
  await call.job("load").pause();
  call.cancel();
  await expect(call.job("train").pause()).rejects.toMatchObject({ code: "cancelled" });
});
