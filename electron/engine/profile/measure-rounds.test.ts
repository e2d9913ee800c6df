import { describe, expect, it, vi } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { measureRounds, type TimedGroup } from "./measure-rounds.ts";

/** Groups of paths that write their names into a log when they run. */
function loggedGroups(...groups: string[][]): { log: string[]; groups: TimedGroup[] } {
  const log: string[] = [];
  const timed = (name: string) => ({ run: async () => log.push(name), times: [] });
  return { log, groups: groups.map((names) => names.map(timed)) };
}

describe("rounds", () => {
  it("warm up, then run each path in pairs, twice a visit, ten rounds at least", async () => {
    const { log, groups } = loggedGroups(["leave", "pass"]);
    await measureRounds(groups, 0, seededRandom(1), silentJob);
    const warmUp = ["leave", "pass", "leave", "pass", "leave", "pass"];
    const visit = ["leave", "pass", ...Array(2).fill(["leave", "leave", "pass", "pass"]).flat()];
    expect(log).toEqual([...warmUp, ...Array(10).fill(visit).flat()]);
    expect(groups[0].map(({ times }) => times.length)).toEqual([20, 20]);
  });

  it("visit the groups in an order that changes, all of them every round, alike for the same seed", async () => {
    const runs = [loggedGroups(["a"], ["b"], ["c"]), loggedGroups(["a"], ["b"], ["c"])];
    for (const { groups } of runs) await measureRounds(groups, 0, seededRandom(4), silentJob);
    expect(runs[1].log).toEqual(runs[0].log);
    // After 9 runs of warming up, a visit takes 5 runs and a round 15.
    const orders = Array.from({ length: 10 }, (_, round) =>
      [0, 5, 10].map((visit) => runs[0].log[9 + 15 * round + visit]).join(""),
    );
    for (const order of orders) expect([...order].sort().join("")).toBe("abc");
    expect(new Set(orders).size).toBeGreaterThan(2);
  });

  it("time one run, not the pair", async () => {
    const times: number[] = [];
    const run = () => new Promise((done) => setTimeout(done, 4));
    await measureRounds([[{ run, times }]], 0, seededRandom(1), silentJob);
    expect(Math.min(...times)).toBeGreaterThan(3);
    expect(Math.min(...times)).toBeLessThan(7);
  });

  it("go on until the time is up", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const reports: number[] = [];
    const job: Job = { ...silentJob, report: (done, total) => reports.push(done / total) };
    const timed = { run: async () => vi.advanceTimersByTime(1), times: [] };
    await measureRounds([[timed]], 0.2, seededRandom(1), job);
    vi.useRealTimers();
    // A round is five runs, 5 ms, of which four give two times.
    expect(timed.times).toEqual(new Array(2 * 40).fill(1));
    expect(reports).toHaveLength(40);
    for (const [round, share] of reports.entries()) expect(share).toBeCloseTo((5 * round) / 200, 9);
  });

  it("are four of a network so slow that ten would take far longer than asked for", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const runs = async (ms: number, seconds: number) => {
      const timed = { run: async () => vi.advanceTimersByTime(ms), times: [] };
      await measureRounds([[timed]], seconds, seededRandom(1), silentJob);
      return timed.times.length;
    };
    // A round is five runs, two of them timed twice.
    expect(await runs(60, 1)).toBe(20);
    expect(await runs(400, 1)).toBe(8);
    expect(await runs(150, 1)).toBe(14);
    expect(await runs(400, 12)).toBe(20);
    vi.useRealTimers();
  });

  it.each([
    ["while they warm up", 0, 1],
    ["within a round", 3, 3 + 1 + 2],
  ])("stop %s when cancelled, after the run at hand", async (_when, pauses, runs) => {
    const { log, groups } = loggedGroups(["a"]);
    let paused = 0;
    const pause = async () => {
      if (paused++ >= pauses) throw cancelledError();
    };
    await expect(measureRounds(groups, 60, seededRandom(1), { ...silentJob, pause })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(log).toHaveLength(runs);
  });
});
