import { expect, it } from "vitest";
import { AppError } from "../../../shared/base/errors.ts";
import { cancelledError } from "../../../shared/base/job.ts";
import { Grants } from "../files/grants.ts";
import { type Answer, type Handlers, Router } from "./router.ts";

function unused(): never {
  throw new Error("not part of this test");
}

const nothing = new Proxy({} as Handlers, { get: () => unused });

/** A router whose engine does as told. */
function makeRouter(
  engine: (channel: string, request: unknown, signal: AbortSignal) => Promise<unknown> = unused,
  handlers: Partial<Handlers> = {},
) {
  const grants = new Grants();
  const faults: unknown[] = [];
  const answers: Answer[] = [];
  const work: boolean[] = [];
  const router: Router = new Router({
    grants,
    handlers: { ...nothing, ...handlers } as Handlers,
    engine: (channel, request, { signal }) => engine(channel, request, signal),
    worked: () => work.push(router.isWorking),
    answered: (answer) => answers.push(answer),
    unexpected: (error) => faults.push(error),
    now: () => 0,
  });
  return { router, grants, faults, answers, work };
}

const table = {
  policy: "top1",
  exits: 1,
  samples: 1,
  confidence: Float32Array.of(0.5, 1),
  correct: Uint8Array.of(0, 1),
};

it("passes a sound request on and a sound answer back", async () => {
  const asked: unknown[] = [];
  const { router, answers } = makeRouter(async (...call) => {
    asked.push(call.slice(0, 2));
    return { ...table, more: "than the contract says" };
  });
  expect(await router.invoke("project.table", "1", { policy: "top1", extra: 1 })).toEqual({
    ok: true,
    value: table,
  });
  expect(asked).toEqual([["project.table", { policy: "top1" }]]);
  expect(answers).toEqual([{ channel: "project.table", request: { policy: "top1" }, response: table }]);
});

it.each<[string, unknown, unknown, unknown, RegExp]>([
  ["an unknown channel", "project.destroy", "1", {}, /project\.destroy/],
  ["a property of every object", "constructor", "1", {}, /constructor/],
  ["no channel", { toString: null }, "1", {}, /there isn't/],
  ["no name for the call", "project.table", 7, { policy: "top1" }, /no name of its own/],
  ["a request of the wrong form", "project.table", "1", { policy: 7 }, /^project\.table: policy: /],
  ["no request", "project.table", "1", undefined, /^project\.table: the request: /],
])("refuses %s before anything is done", async (_, channel, call, request, message) => {
  const { router, faults } = makeRouter();
  expect(await router.invoke(channel, call, request)).toMatchObject({
    ok: false,
    error: { code: "usage", message: expect.stringMatching(message) },
  });
  expect(faults).toEqual([]);
});

it("refuses a request of 200 MB by its size, before it is parsed, and echoes nothing of it", async () => {
  const asked: unknown[] = [];
  const { router, faults } = makeRouter(async (...call) => asked.push(call), {
    "clipboard.write": (request) => {
      asked.push(request);
      return {};
    },
  });
  const huge = "x".repeat(100 * 2 ** 20);
  for (const [channel, call, request] of [
    ["clipboard.write", "1", { text: huge }],
    ["project.table", "1", { policy: "top1", content: new Uint8Array(200 * 2 ** 20) }],
    [huge, "1", {}],
    ["project.table", huge, {}],
  ] as const) {
    const outcome = await router.invoke(channel, call, request);
    expect(outcome).toMatchObject({ error: { code: "usage", message: expect.stringMatching(/too large/) } });
    expect(JSON.stringify(outcome).length).toBeLessThan(1000);
  }
  expect([asked, faults]).toEqual([[], []]);
});

it("no refusal echoes what was asked at length", async () => {
  const { router } = makeRouter(unused, { "clipboard.write": unused });
  const long = "\u001b]0;x\u202e".repeat(100_000);
  for (const [channel, request] of [
    [long, {}],
    ["project.open", { path: `/${long}` }],
    ["project.open", { path: `/${long.slice(0, 30_000)}` }],
    ["shell.openExternal", { url: long }],
    ["settings.set", { theme: long }],
    ["settings.set", { hiddenPanes: [long] }],
    ["app.info", long],
  ] as const) {
    const outcome = await router.invoke(channel, "1", request);
    expect(outcome).toMatchObject({ ok: false });
    expect(JSON.stringify(outcome).length, channel.slice(0, 30)).toBeLessThan(40_000);
    if (!outcome.ok) expect(outcome.error.message).toMatch(/^[^\p{Cc}\u202e]{1,290}$/u);
  }
});

it("of a flood answers what it can, and the rest with busy", async () => {
  const pending: (() => void)[] = [];
  const { router, faults } = makeRouter(() => new Promise((resolve) => pending.push(() => resolve(table))), {
    "recent.clear": () => ({}),
  });
  const flood = Array.from({ length: 10_000 }, (_, index) =>
    router.invoke("project.table", `call ${index}`, { policy: "top1" }),
  );
  expect(pending).toHaveLength(100);
  for (const answer of pending) answer();
  const outcomes = await Promise.all(flood);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(100);
  expect(new Set(outcomes.map((outcome) => (outcome.ok ? "" : outcome.error.code)))).toEqual(
    new Set(["", "busy"]),
  );
  // Each is answered at once, and still so many in a second are enough.
  const quick = [];
  for (let request = 0; request < 1000; request++) quick.push(await router.invoke("recent.clear", "1", {}));
  expect(quick.filter(({ ok }) => ok)).toHaveLength(150);
  expect(faults).toEqual([]);
});

it("asks the person one thing at a time", async () => {
  let answer = (_: { path: string | null }) => {};
  const { router } = makeRouter(unused, {
    "dialog.open": () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    "dialog.unsaved": () => ({ choice: "save" }) as const,
  });
  const first = router.invoke("dialog.open", "1", { purpose: "any" });
  expect(await router.invoke("dialog.open", "2", { purpose: "any" })).toMatchObject({
    error: { code: "busy" },
  });
  expect(await router.invoke("dialog.unsaved", "3", { name: "x" })).toMatchObject({
    error: { code: "busy" },
  });
  answer({ path: null });
  expect(await first).toEqual({ ok: true, value: { path: null } });
  expect(await router.invoke("dialog.unsaved", "4", { name: "x" })).toMatchObject({ ok: true });
});

it("what the system refuses is said in words", async () => {
  const { router, faults } = makeRouter(async () => {
    throw new RangeError("Array buffer allocation failed");
  });
  expect(await router.invoke("project.table", "1", { policy: "top1" })).toMatchObject({
    error: { code: "out-of-memory", details: { missing: "memory" } },
  });
  expect(faults).toEqual([]);
});

it("refuses a path that was not chosen, for reading and for writing", async () => {
  const { router, grants } = makeRouter(async () => ({}));
  const design = { exits: [], pinned: [], useCase: {}, target: null };
  for (const [channel, request] of [
    ["project.open", { path: "/tmp/x.offramp" }],
    ["model.open", { path: "/tmp/x.onnx" }],
    ["project.save", { path: "/tmp/x.offramp", design }],
    ["shell.show", { path: "/tmp/x" }],
  ] as const)
    expect(await router.invoke(channel, "1", request), channel).toMatchObject({
      ok: false,
      error: { code: "usage", message: expect.stringMatching(/was not chosen/) },
    });
  grants.add("/tmp/x.offramp");
  expect(await router.invoke("project.save", "1", { path: "/tmp/x.offramp", design })).toEqual({
    ok: true,
    value: {},
  });
});

it("runs no program that was chosen to be read", async () => {
  const python = { path: "/usr/bin/python3", python: "3.11.2", torch: "2.3.1", numpy: "1.26.4", gpus: [] };
  const { router, grants } = makeRouter(async () => python);
  grants.add("/usr/bin/python3");
  const find = (path: string | null) => router.invoke("python.find", "1", { python: path });
  expect(await find("/usr/bin/python3")).toMatchObject({
    error: { code: "usage", message: expect.stringMatching(/was not chosen/) },
  });
  expect(await find(null)).toEqual({ ok: true, value: python });
  grants.addProgram("/usr/bin/python3");
  expect(await find("/usr/bin/python3")).toEqual({ ok: true, value: python });
});

it("hides what failed of ours, and keeps it for the log", async () => {
  const fault = new Error("a stack trace that nobody should see");
  const { router, faults } = makeRouter(async () => Promise.reject(fault));
  const outcome = await router.invoke("project.table", "1", { policy: "top1" });
  expect(outcome).toMatchObject({ ok: false, error: { code: "internal" } });
  expect(JSON.stringify(outcome)).not.toContain("stack trace");
  expect(faults).toEqual([fault]);
});

it("an answer that breaks the contract is a fault of ours", async () => {
  const { router, faults } = makeRouter(async () => ({ ...table, confidence: [0.5, 1] }));
  expect(await router.invoke("project.table", "1", { policy: "top1" })).toMatchObject({
    error: { code: "internal" },
  });
  expect(faults).toHaveLength(1);
});

it("an error of the engine comes through with its code and details", async () => {
  const error = new AppError("model-invalid", "x.onnx is no ONNX model", { path: "x.onnx" });
  const { router } = makeRouter(async () => Promise.reject(error));
  expect(await router.invoke("project.table", "1", { policy: "top1" })).toEqual({
    ok: false,
    error: { code: "model-invalid", message: "x.onnx is no ONNX model", details: { path: "x.onnx" } },
  });
});

it("cancels one request by its name, and all when the page is gone", async () => {
  const { router } = makeRouter(
    (_channel, _request, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(cancelledError()))),
  );
  const [first, second] = ["1", "2"].map((call) => router.invoke("project.table", call, { policy: "top1" }));
  expect(await router.invoke("project.table", "1", { policy: "top1" })).toMatchObject({
    error: { message: expect.stringMatching(/no name of its own/) },
  });
  router.cancel("none");
  router.cancel({});
  router.cancel("1");
  expect(await first).toMatchObject({ error: { code: "cancelled" } });
  expect(await Promise.race([second, Promise.resolve("running")])).toBe("running");
  router.cancelAll();
  expect(await second).toMatchObject({ error: { code: "cancelled" } });
});

it("main's own handlers get parsed requests", async () => {
  const seen: unknown[] = [];
  const { router } = makeRouter(unused, {
    "settings.set": (settings) => {
      seen.push(settings);
      return {};
    },
  });
  const given = { theme: "dark", more: "than the contract says" };
  expect(await router.invoke("settings.set", "1", given)).toEqual({ ok: true, value: {} });
  expect(seen).toEqual([{ theme: "dark" }]);
});

it("says while a request keeps the machine busy, however it ends", async () => {
  const { router, work } = makeRouter(async () => {
    throw new AppError("engine-crashed", "gone");
  });
  const profiling = router.invoke("project.profile", "1", { target: { provider: "cpu", threads: 1 } });
  expect([router.isWorking, work]).toEqual([true, [true]]);
  expect(await profiling).toMatchObject({ error: { code: "engine-crashed" } });
  expect(work).toEqual([true, false]);
  await router.invoke("project.table", "2", { policy: "top1" });
  expect(work).toHaveLength(2);
});
