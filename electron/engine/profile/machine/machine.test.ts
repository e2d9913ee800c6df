import { mkdir, writeFile } from "node:fs/promises";
import { getPriority, setPriority } from "node:os";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { cancelledError, silentJob } from "../../../../shared/base/job.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { readClockMhz } from "./clock-speeds.ts";
import { loadBetween, readProcessorTimes } from "./load-meter.ts";
import { MachineWatch } from "./machine-watch.ts";
import { atRaisedPriority } from "./priority.ts";
import { stopwatchFor } from "./stopwatch.ts";

/** Two cores whose time others take as `load` says, and this process half a core; sleeping moves the clock. */
function world(
  load: (seconds: number) => number,
  clock: (seconds: number) => number | undefined = () => undefined,
) {
  let [nowMs, busyMs, ownMs] = [0, 0, 0];
  const pass = (ms: number, own = 0) => {
    busyMs += 2 * ms * load(nowMs / 1000) + own * ms;
    ownMs += own * ms;
    nowMs += ms;
  };
  return {
    pass,
    now: () => nowMs,
    sleep: async (ms: number) => pass(ms),
    times: () => ({ busyMs, allMs: 2 * nowMs, ownMs }),
    clockMhz: () => clock(nowMs / 1000),
    cores: () => 2,
  };
}

describe("the watch", () => {
  const unsaid = () => expect.unreachable();

  it("sees what others take, not what is measured, and how the clock changes", async () => {
    const here = world(
      (seconds) => (seconds < 1 ? 0.1 : 0.4),
      (seconds) => 3000 - 500 * seconds,
    );
    const watch = new MachineWatch(1, 30, here);
    here.pass(1000, 0.9);
    await watch.look(silentJob, unsaid);
    here.pass(1000, 0.9);
    await watch.look(silentJob, unsaid);
    const { load, clockMhz } = watch.state();
    expect(load).toBeCloseTo(0.25, 9);
    expect(clockMhz).toEqual([2000, 2500]);
  });

  it("says nothing of moments too short for the system's clock", async () => {
    const here = world(() => 1);
    const watch = new MachineWatch(1, 30, here);
    here.pass(100);
    await watch.look(silentJob, unsaid);
    expect(watch.state()).toEqual({});
  });

  it("waits while no core is free, and what passes meanwhile doesn't count", async () => {
    const here = world((seconds) => (seconds < 3 ? 0.9 : 0.1));
    const watch = new MachineWatch(1, 30, here);
    let said = 0;
    here.pass(1000, 0.2);
    await watch.look(silentJob, () => void said++);
    expect(here.now()).toBe(3250);
    expect(said).toBe(9);
    here.pass(1000, 0.2);
    await watch.look(silentJob, unsaid);
    expect(watch.state().load).toBeCloseTo((0.9 + 0.1) / 2, 9);
  });

  it("goes on beside a process that leaves the other core free", async () => {
    const here = world(() => 0.5);
    const watch = new MachineWatch(1, 30, here);
    here.pass(1000, 1);
    await watch.look(silentJob, unsaid);
    expect(here.now()).toBe(1000);
  });

  it("waits a third of the time at most, all in all", async () => {
    const here = world(() => 1);
    const watch = new MachineWatch(1, 3, here);
    for (let look = 0; look < 3; look++) {
      here.pass(1000);
      await watch.look(silentJob, () => {});
    }
    expect(here.now()).toBe(3000 + 1000);
  });

  it("can be cancelled while it waits", async () => {
    const here = world(() => 1);
    const watch = new MachineWatch(1, 30, here);
    here.pass(1000);
    const pause = async () => {
      throw cancelledError();
    };
    await expect(watch.look({ ...silentJob, pause }, () => {})).rejects.toMatchObject({ code: "cancelled" });
  });
});

test("a load is the share of all cores that others took", () => {
  const from = { busyMs: 100, allMs: 1000, ownMs: 50 };
  expect(loadBetween(from, { busyMs: 700, allMs: 3000, ownMs: 250 })).toBe(0.2);
  expect(loadBetween(from, { busyMs: 200, allMs: 3000, ownMs: 950 })).toBe(0);
  expect(loadBetween(from, from)).toBeUndefined();
});

test("the processor's times of this machine only grow", () => {
  const before = readProcessorTimes();
  for (const end = performance.now() + 50; performance.now() < end; );
  const after = readProcessorTimes();
  expect(after.ownMs).toBeGreaterThan(before.ownMs);
  expect(after.allMs).toBeGreaterThanOrEqual(before.allMs);
});

test("the clock is that of the fastest core, where there is a file for each", async () => {
  const folder = await temporaryFolder();
  for (const [core, khz] of ["2400000", "3100000"].entries()) {
    await mkdir(join(folder, `cpu${core}`, "cpufreq"), { recursive: true });
    await writeFile(join(folder, `cpu${core}`, "cpufreq", "scaling_cur_freq"), `${khz}\n`);
  }
  await mkdir(join(folder, "cpuidle"));
  expect(readClockMhz(folder)).toBe(3100);
  expect(readClockMhz(join(folder, "none"))).toBeUndefined();
});

describe("a raised priority", () => {
  it("is put back when the work ends, and when it fails", async () => {
    const before = getPriority();
    const during = await atRaisedPriority(async () => getPriority());
    // Where the system doesn't let, it stays.
    expect(during).toBeLessThanOrEqual(before);
    expect(getPriority()).toBe(before);
    const failing = atRaisedPriority(() => Promise.reject(cancelledError()));
    await expect(failing).rejects.toMatchObject({ code: "cancelled" });
    expect(getPriority()).toBe(before);
  });

  it("is not lowered where it is higher already", async () => {
    const before = getPriority();
    let isAllowed = true;
    try {
      setPriority(-15);
    } catch {
      isAllowed = false;
    }
    try {
      if (isAllowed) expect(await atRaisedPriority(async () => getPriority())).toBe(-15);
    } finally {
      setPriority(before);
    }
  });
});

describe("a stopwatch", () => {
  const spin = (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };
  const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

  it("for one thread leaves out what the process didn't work", async () => {
    const stop = stopwatchFor({ threads: 1, provider: "cpu" })();
    spin(20);
    await sleep(200);
    const { ownMs, wallMs } = stop();
    expect(wallMs).toBeGreaterThan(200);
    expect(ownMs).toBeGreaterThan(1);
    expect(ownMs).toBeLessThan(wallMs / 2);
  });

  it.each([
    { threads: 2, provider: "cpu" },
    { threads: 1, provider: "webgpu" },
  ])("for $threads on $provider goes by the clock", async (target) => {
    const stop = stopwatchFor(target)();
    await sleep(20);
    const { ownMs, wallMs } = stop();
    expect(ownMs).toBe(wallMs);
    expect(ownMs).toBeGreaterThan(15);
  });
});
