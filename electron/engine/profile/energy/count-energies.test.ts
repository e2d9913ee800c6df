import { expect, test } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import type { Timing } from "../estimate/timing.ts";
import { type Counted, countEnergies } from "./count-energies.ts";
import type { EnergyMeter } from "./energy-meter.ts";
import { ratioOfEnergies } from "./energy-ratio.ts";

/** A machine of which the clock and the counter go on as things are run: 3 W idle, and more of a subject. */
class Machine {
  nowMs = 0;
  millijoules = 0;
  readonly now = () => this.nowMs;

  spend(ms: number, milliwatts: number): void {
    this.nowMs += ms;
    this.millijoules += (ms * (3000 + milliwatts)) / 1000;
  }

  subject(
    ms: number,
    milliwatts: number,
    everyVisit?: number,
  ): Counted & { energies: Timing[]; runs: number } {
    const subject = {
      energies: [] as Timing[],
      everyVisit,
      runs: 0,
      run: async () => {
        subject.runs++;
        this.spend(ms, milliwatts);
      },
    };
    return subject;
  }

  meter(readingMs: number, everyMs?: number): EnergyMeter {
    return {
      name: "made up",
      everyMs,
      read: async () => {
        const { millijoules } = this;
        this.spend(readingMs, 0);
        return millijoules;
      },
    };
  }
}

test("a run's energy is that of a batch over its runs, what idles included", async () => {
  const machine = new Machine();
  const [whole, half] = [machine.subject(2, 5000), machine.subject(1, 2000)];
  const counting = { subjects: [whole, half], meter: machine.meter(0.0001), seconds: 0, now: machine.now };
  await countEnergies(counting, seededRandom(1), silentJob);
  // 8 W for 2 ms, and 5 W for 1 ms.
  expect(whole.energies.map(({ ms, wallMs }) => [ms, wallMs])).toEqual(
    Array(6).fill([expect.closeTo(16, 4), expect.closeTo(2, 9)]),
  );
  expect(half.energies.map(({ ms }) => ms)).toEqual(Array(6).fill(expect.closeTo(5, 4)));
  expect(whole.energies.map(({ round }) => round)).toEqual([0, 1, 2, 3, 4, 5]);
  // Batches of 50 ms, and before them one of 1, 4 and 16 runs until they take a quarter of that; or a run more for rounding.
  expect([171, 177]).toContain(whole.runs);
  expect([321, 327]).toContain(half.runs);
  const { ratio, halfWidth } = ratioOfEnergies(half, whole);
  expect(ratio).toBeCloseTo(5 / 16, 6);
  expect(halfWidth).toBeCloseTo(0, 9);
});

test("of a power that is followed between the runs, the readings' share isn't the runs'", async () => {
  const machine = new Machine();
  const subject = machine.subject(4, 0);
  // A reading each 5 ms takes 1 ms of 3 W as well; the batch is twenty times that at least, 50 ms.
  const counting = { subjects: [subject], meter: machine.meter(1, 5), seconds: 0, now: machine.now };
  await countEnergies(counting, seededRandom(1), silentJob);
  expect(subject.energies).toHaveLength(6);
  for (const { ms, wallMs } of subject.energies) {
    expect(wallMs).toBeCloseTo(4, 9);
    // The first reading's own 1 ms is in it: 13 runs of 12 mJ, and 3 mJ more, times the runs' share.
    expect(ms).toBeGreaterThan(12);
    expect(ms).toBeLessThan(12 * 1.03);
  }
});

test("slow sensors have batches of twenty readings, and what is visited now and then is so here", async () => {
  const machine = new Machine();
  const [often, seldom] = [machine.subject(10, 0), machine.subject(10, 0, 4)];
  const counting = {
    subjects: [often, seldom],
    meter: machine.meter(20),
    seconds: 0,
    now: machine.now,
  };
  await countEnergies(counting, seededRandom(1), silentJob);
  // 400 ms a batch; tried with 1, 4 and 16 runs first.
  expect(often.runs).toBe(6 * 40 + 21);
  expect(seldom.energies.map(({ round }) => round)).toEqual([3]);
});

test("goes on until its time is up or all is known, and stops when it is cancelled", async () => {
  const machine = new Machine();
  const subject = machine.subject(50, 0);
  const task = { subjects: [subject], meter: machine.meter(0.0001), now: machine.now };
  await countEnergies({ ...task, seconds: 1 }, seededRandom(1), silentJob);
  expect(subject.energies.length).toBeGreaterThanOrEqual(19);
  expect(subject.energies.length).toBeLessThanOrEqual(20);
  const settled = machine.subject(50, 0);
  let asked = 0;
  const isSettled = () => ++asked > 2;
  await countEnergies({ ...task, subjects: [settled], seconds: 1e6, isSettled }, seededRandom(1), silentJob);
  expect(settled.energies).toHaveLength(8);
  const cancelled = { ...silentJob, pause: () => Promise.reject(new Error("stop")) };
  await expect(countEnergies({ ...task, seconds: 1 }, seededRandom(1), cancelled)).rejects.toThrow("stop");
});

test("a counter that ticks slowly has batches of ten ticks, and one that stays as it is is no counter", async () => {
  const machine = new Machine();
  const subject = machine.subject(5, 0);
  const fine = machine.meter(0.5);
  const ticking = { ...fine, read: async () => 90 * Math.floor((await fine.read()) / 90) };
  const task = { subjects: [subject], seconds: 0, now: machine.now };
  await countEnergies({ ...task, meter: ticking }, seededRandom(1), silentJob);
  // 90 mJ are 30 ms at 3 W: 300 ms a batch; tried with 1 and 4 runs, and 16 that are enough.
  expect(subject.runs).toBe(6 * 60 + 21);
  for (const { ms } of subject.energies) expect(Math.abs(ms - 15)).toBeLessThan(15 * 0.11);
  const still = { ...fine, read: async () => (await fine.read()) * 0 };
  await expect(countEnergies({ ...task, meter: still }, seededRandom(1), silentJob)).rejects.toThrow(
    "made up counts no energy: it stays as it is",
  );
});
