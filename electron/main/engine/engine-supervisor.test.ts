import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ToEngine } from "../../../shared/ipc/engine-protocol.ts";
import type { EngineState, Progress } from "../../../shared/ipc/events.ts";
import type { EngineListener, EnginePort } from "./engine-port.ts";
import { type EngineCall, EngineSupervisor } from "./engine-supervisor.ts";

/** A process that does nothing by itself. */
class FakeProcess implements EnginePort {
  readonly posted: ToEngine[] = [];
  isKilled = false;

  constructor(readonly listener: EngineListener) {}

  post(message: ToEngine): void {
    this.posted.push(message);
  }
  probe(): void {}
  kill(): void {
    this.isKilled = true;
  }
  ready(): void {
    this.listener.message({ kind: "ready" });
  }
  calls(): string[] {
    return this.posted.filter((message) => message.kind === "call").map(({ call }) => call);
  }
  answer(call: string, value: unknown): void {
    this.listener.message({ kind: "outcome", call, outcome: { ok: true, value } });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

function supervise(restore: (call: EngineCall) => Promise<void> = async () => {}) {
  const processes: FakeProcess[] = [];
  const states: EngineState[] = [];
  const faults: unknown[] = [];
  const supervisor = new EngineSupervisor({
    start: (listener) => {
      processes.push(new FakeProcess(listener));
      return processes.at(-1)!;
    },
    state: (state) => states.push(state),
    restore,
    unexpected: (error) => faults.push(error),
    now: () => Date.now(),
  });
  supervisor.start();
  return { supervisor, processes, states, faults };
}

describe("requests", () => {
  it("wait until the engine is ready, then get their own answers and progress", async () => {
    const { supervisor, processes, states } = supervise();
    const notes: unknown[] = [];
    const first = supervisor.call("a", 1, { progress: (progress) => notes.push(progress) });
    const second = supervisor.call("b", 2);
    expect(processes[0].posted).toEqual([]);
    processes[0].ready();
    await settle();
    const [a, b] = processes[0].calls();
    expect(processes[0].posted).toEqual([
      { kind: "call", call: a, channel: "a", request: 1 },
      { kind: "call", call: b, channel: "b", request: 2 },
    ]);
    const progress: Omit<Progress, "call"> = {
      stage: null,
      share: 0.5,
      note: "half",
      search: null,
      tuning: null,
      curves: null,
      workers: null,
      warning: null,
    };
    processes[0].listener.message({ kind: "progress", progress: { call: a, ...progress } });
    processes[0].answer(b, "second");
    processes[0].answer(a, "first");
    expect(await Promise.all([first, second])).toEqual(["first", "second"]);
    expect(notes).toEqual([progress]);
    expect(states).toEqual([
      { state: "starting", reason: null },
      { state: "ready", reason: null },
    ]);
  });

  it("fail with the engine's error, its code and details kept", async () => {
    const { supervisor, processes } = supervise();
    processes[0].ready();
    await settle();
    const call = supervisor.call("a", 1);
    const error = { code: "model-invalid", message: "no model", details: { path: "x" } };
    processes[0].listener.message({ kind: "outcome", call: "1", outcome: { ok: false, error } });
    await expect(call).rejects.toMatchObject(error);
  });

  it("a message that nobody can read goes to the log and harms nothing", async () => {
    const { supervisor, processes, faults } = supervise();
    processes[0].listener.message({ kind: "gibberish" });
    processes[0].listener.message(null);
    processes[0].ready();
    await settle();
    processes[0].answer("99", "for nobody");
    expect(faults).toHaveLength(2);
    expect(supervisor.state.state).toBe("ready");
  });
});

describe("when the engine dies", () => {
  it("what it had fails with the reason, what waits goes to the next one, after what was open is back", async () => {
    const opened: string[] = [];
    const { supervisor, processes, states } = supervise(async (call) => {
      opened.push(String(await call("project.open", "journal")));
    });
    processes[0].ready();
    await settle();
    const lost = supervisor.call("a", 1);
    const refused = expect(lost).rejects.toMatchObject({
      code: "engine-crashed",
      message: "the engine ended while it worked on this: it ran out of memory",
    });
    processes[0].listener.ended("it ran out of memory");
    await refused;
    const waiting = supervisor.call("b", 2);
    processes[1].ready();
    await settle();
    const [open] = processes[1].calls();
    expect(processes[1].posted).toMatchObject([{ channel: "project.open" }]);
    processes[1].answer(open, "opened");
    await settle();
    expect(opened).toEqual(["opened"]);
    processes[1].answer(processes[1].calls()[1], "done");
    expect(await waiting).toBe("done");
    expect(states.slice(2)).toEqual([
      { state: "restarting", reason: "it ran out of memory" },
      { state: "ready", reason: null },
    ]);
  });

  it("starts again three times in five minutes, then waits to be told to", async () => {
    const { supervisor, processes } = supervise();
    for (const _ of [1, 2, 3, 4]) processes.at(-1)!.listener.ended("it crashed");
    expect(processes).toHaveLength(4);
    expect(supervisor.state).toEqual({ state: "stopped", reason: "it crashed" });
    await expect(supervisor.call("a", 1)).rejects.toMatchObject({ code: "engine-crashed" });
    supervisor.restart();
    processes[4].ready();
    await settle();
    expect(supervisor.state.state).toBe("ready");
  });

  it("crashes that lie far apart don't add up", () => {
    const { supervisor, processes } = supervise();
    for (let crash = 0; crash < 12; crash++) {
      vi.setSystemTime(Date.now() + 2 * 60_000);
      processes.at(-1)!.listener.ended("it crashed");
    }
    expect(supervisor.state.state).toBe("restarting");
    expect(processes).toHaveLength(13);
  });

  it("those who wait for a start that never comes are told", async () => {
    const { supervisor, processes } = supervise();
    const waiting = expect(supervisor.call("a", 1)).rejects.toMatchObject({ code: "engine-crashed" });
    for (const _ of [1, 2, 3, 4]) processes.at(-1)!.listener.ended("it could not be started");
    await waiting;
  });

  it("one that never gets ready is replaced, and its late words don't count", async () => {
    const { supervisor, processes } = supervise();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(processes[0].isKilled).toBe(true);
    expect(processes).toHaveLength(2);
    processes[0].ready();
    processes[0].listener.ended("late");
    await settle();
    expect(supervisor.state.state).toBe("restarting");
    expect(processes).toHaveLength(2);
  });

  it("says so if what was open can't be opened again", async () => {
    const { supervisor, processes, faults } = supervise(async () => {
      throw new Error("gone");
    });
    processes[0].ready();
    await settle();
    processes[0].listener.ended("it crashed");
    processes[1].ready();
    await settle();
    expect(supervisor.state).toEqual({
      state: "ready",
      reason: "what was open could not be opened again",
    });
    expect(faults).toHaveLength(1);
  });
});

describe("cancelling", () => {
  it("is passed on, and the engine's own answer counts", async () => {
    const { supervisor, processes } = supervise();
    processes[0].ready();
    await settle();
    const { signal, abort } = abortable();
    const call = supervisor.call("a", 1, { signal });
    abort();
    expect(processes[0].posted.at(-1)).toEqual({ kind: "cancel", call: "1" });
    const error = { code: "cancelled", message: "stopped", details: {} };
    processes[0].listener.message({ kind: "outcome", call: "1", outcome: { ok: false, error } });
    await expect(call).rejects.toMatchObject({ code: "cancelled", message: "stopped" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(processes).toHaveLength(1);
  });

  it("costs the engine if it doesn't listen for five seconds, which is no crash", async () => {
    const { supervisor, processes, states } = supervise();
    processes[0].ready();
    await settle();
    for (let round = 0; round < 6; round++) {
      const { signal, abort } = abortable();
      const stuck = expect(supervisor.call("a", 1, { signal })).rejects.toMatchObject({ code: "cancelled" });
      const other = expect(supervisor.call("b", 2)).rejects.toMatchObject({ code: "engine-crashed" });
      abort();
      await vi.advanceTimersByTimeAsync(4_999);
      expect(processes[round].isKilled).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(processes[round].isKilled).toBe(true);
      await Promise.all([stuck, other]);
      processes[round + 1].ready();
      await settle();
    }
    expect(supervisor.state.state).toBe("ready");
    expect(states[2]).toEqual({
      state: "restarting",
      reason: "it did not stop within 5 s when it was asked to",
    });
  });

  it("ends a request that still waits, at once", async () => {
    const { supervisor, processes } = supervise();
    const { signal, abort } = abortable();
    const call = expect(supervisor.call("a", 1, { signal })).rejects.toMatchObject({ code: "cancelled" });
    abort();
    await call;
    processes[0].ready();
    await settle();
    expect(processes[0].posted).toEqual([]);
    await expect(supervisor.call("b", 2, { signal })).rejects.toMatchObject({ code: "cancelled" });
  });

  function abortable() {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort() };
  }
});

it("stops for good when the app closes", async () => {
  const { supervisor, processes } = supervise();
  processes[0].ready();
  await settle();
  const call = expect(supervisor.call("a", 1)).rejects.toMatchObject({ code: "engine-crashed" });
  supervisor.stop();
  await call;
  processes[0].listener.ended("it was killed");
  expect(processes).toHaveLength(1);
});
