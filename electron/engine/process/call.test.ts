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
  expect(sent[0]).toEqual({ call: "c", stage: "train", share: 0.005, note: null, search: null });
  call.finish();
  expect(sent.at(-1)).toEqual({ call: "c", stage: "train", share: 0.5, note: "half", search: null });
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

it("throws at the next pause once it is cancelled", async () => {
  const call = startCall("c", () => {});
  await call.job("load").pause();
  call.cancel();
  await expect(call.job("train").pause()).rejects.toMatchObject({ code: "cancelled" });
});
