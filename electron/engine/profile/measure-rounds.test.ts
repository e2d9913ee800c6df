import { describe, expect, it, vi } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { Timing } from "./estimate/timing.ts";
import { measureRounds, type TimedGroup } from "./measure-rounds.ts";

/** Others take a quarter of the clock's time. */
const stopwatch = () => {
  const start = performance.now();
  return () => {
    const wallMs = performance.now() - start;
    return { ownMs: 0.75 * wallMs, wallMs };
  };
};
const measurement = { stopwatch, seconds: 0 };

/** Groups of paths that write their names into a log when they run. */
function loggedGroups(...groups: string[][]): { log: string[]; groups: TimedGroup[] } {
  const log: string[] = [];
  const timed = (name: string) => ({ run: async () => log.push(name), timings: [] });
  return { log, groups: groups.map((names) => names.map(timed)) };
}

describe("rounds", () => {
  it("warm up, then run each path in pairs, twice a visit, ten rounds at least", async () => {
    const { log, groups } = loggedGroups(["leave", "pass"]);
    await measureRounds({ ...measurement, groups }, seededRandom(1), silentJob);
    const warmUp = ["leave", "pass", "leave", "pass", "leave", "pass"];
    const visit = ["leave", "pass", ...Array(2).fill(["leave", "leave", "pass", "pass"]).flat()];
    expect(log).toEqual([...warmUp, ...Array(10).fill(visit).flat()]);
    expect(groups[0].map(({ timings }) => timings.length)).toEqual([20, 20]);
  });

  it("visit the groups in an order that changes, all of them every round, alike for the same seed", async () => {
    const runs = [loggedGroups(["a"], ["b"], ["c"]), loggedGroups(["a"], ["b"], ["c"])];
    for (const { groups } of runs)
      await measureRounds({ ...measurement, groups }, seededRandom(4), silentJob);
    expect(runs[1].log).toEqual(runs[0].log);
    // After 9 runs of warming up, a visit takes 5 runs and a round 15.
    const orders = Array.from({ length: 10 }, (_, round) =>
      [0, 5, 10].map((visit) => runs[0].log[9 + 15 * round + visit]).join(""),
    );
    for (const order of orders) expect([...order].sort().join("")).toBe("abc");
    expect(new Set(orders).size).toBeGreaterThan(2);
  });

  it("time one run, not the pair", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const one = { run: async () => vi.advanceTimersByTime(4), timings: [] as Timing[] };
    const eight = { ...one, timings: [] as Timing[], runs: 8 };
    await measureRounds({ ...measurement, groups: [[one], [eight]] }, seededRandom(1), silentJob);
    vi.useRealTimers();
    for (const { timings } of [one, eight])
      for (const { ms, wallMs } of timings) expect([ms, wallMs]).toEqual([3, 4]);
  });

  it("go on until the time is up", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const reports: number[] = [];
    const job: Job = { ...silentJob, report: (done, total) => reports.push(done / total) };
    const timed = { run: async () => vi.advanceTimersByTime(1), timings: [] as Timing[] };
    await measureRounds({ ...measurement, groups: [[timed]], seconds: 0.2 }, seededRandom(1), job);
    vi.useRealTimers();
    // A round is five runs, 5 ms, of which four give two times.
    expect(timed.timings.map(({ wallMs }) => wallMs)).toEqual(new Array(2 * 40).fill(1));
    expect(timed.timings.map(({ round }) => round)).toEqual(Array.from({ length: 80 }, (_, at) => at >> 1));
    expect(reports).toHaveLength(40);
    for (const [round, share] of reports.entries()) expect(share).toBeCloseTo((5 * round) / 200, 9);
  });

  it("are four of a network so slow that ten would take far longer than asked for", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const runs = async (ms: number, seconds: number) => {
      const timed = { run: async () => vi.advanceTimersByTime(ms), timings: [] };
      await measureRounds({ ...measurement, groups: [[timed]], seconds }, seededRandom(1), silentJob);
      return timed.timings.length;
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
    const measuring = measureRounds({ ...measurement, groups, seconds: 60 }, seededRandom(1), {
      ...silentJob,
      pause,
    });
    await expect(measuring).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(log).toHaveLength(runs);
  });

  it("visit anchors several times a round, and what is settled in one round out of four", async () => {
    const names = Array.from({ length: 18 }, (_, index) => `g${index}`);
    const { groups, log } = loggedGroups(["anchor"], ...names.map((name) => [name]));
    const [anchor, first, ...rest] = groups;
    let asked = 0;
    const unsettled = () => {
      asked++;
      return new Set(asked < 5 ? [first] : []);
    };
    const measured = { ...measurement, anchors: [anchor], groups: [first, ...rest], unsettled };
    await measureRounds(measured, seededRandom(1), silentJob);
    // No seconds: ten rounds, in each of which the anchor is visited before the 1st and the 17th of 18 groups.
    expect(asked).toBe(0);
    expect(anchor[0].timings).toHaveLength(2 * 2 * 10);
    expect(log.slice(19 * 3, 19 * 3 + 5)).toEqual(new Array(5).fill("anchor"));
  });

  it("end when all is settled, after visits where it is not", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const timed = () => ({ run: async () => vi.advanceTimersByTime(10), timings: [] as Timing[] });
    const [one, other] = [[timed()], [timed()]];
    const asked: number[] = [];
    const unsettled = () => {
      asked.push(one[0].timings.length / 2);
      return new Set(asked.length < 3 ? [one] : []);
    };
    const measured = { ...measurement, groups: [one, other], seconds: 60, unsettled };
    await measureRounds(measured, seededRandom(1), silentJob);
    vi.useRealTimers();
    // Rounds of 100 ms: asked after the 10th; then 50 ms but for each fourth, until a second has passed.
    expect(asked[0]).toBe(10);
    expect(other[0].timings.length / 2).toBeLessThan(asked[1] - 5);
    expect(one[0].timings.length / 2).toBe(asked[2]);
    expect(asked).toHaveLength(3);
  });

  it("times a path in one visit out of so many, and runs it in all", async () => {
    const { groups, log } = loggedGroups(["leave", "pass"]);
    const [[leave, pass]] = groups;
    await measureRounds(
      { ...measurement, groups: [[leave, { ...pass, everyVisit: 4 }]] },
      seededRandom(1),
      silentJob,
    );
    expect([leave.timings.length, pass.timings.length]).toEqual([20, 6]);
    // Visits of 1 + 2 * 2 runs of what is timed; of 1 + 2 of what is not, in 7 of the 10.
    expect(log.filter((name) => name === "pass")).toHaveLength(3 + 3 * 5 + 7 * 3);
  });
});
