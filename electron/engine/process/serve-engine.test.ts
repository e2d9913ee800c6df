import { join } from "node:path";
import { expect, it } from "vitest";
import { channels } from "../../../shared/ipc/channels.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { encodeModel } from "../onnx/codec.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { createHandlers } from "./handlers/index.ts";
import { type EnginePort, serveEngine } from "./serve-engine.ts";
import { startTestEngine } from "./testing/test-engine.ts";

it("there is a handler for every channel of the engine, and for no other", () => {
  const wanted = Object.entries(channels).filter(([, { by }]) => by === "engine");
  expect(Object.keys(createHandlers()).sort()).toEqual(wanted.map(([name]) => name).sort());
});

it("is ready before its handlers are loaded, and loads them once", async () => {
  const said: string[] = [];
  let listener: Parameters<EnginePort["on"]>[1] = () => {};
  let loaded = 0;
  const port: EnginePort = {
    on: (_event, heard) => {
      listener = heard;
    },
    postMessage: ({ kind }) => said.push(kind),
  };
  serveEngine(port, {
    loadHandlers: async () => {
      loaded++;
      return createHandlers();
    },
    probe: () => {},
    log: () => {},
  });
  expect([said, loaded]).toEqual([["ready"], 0]);
  for (const call of ["1", "2"])
    listener({ data: { kind: "call", call, channel: "engine.describe", request: {} } });
  await expect.poll(() => said).toEqual(["ready", "outcome", "outcome"]);
  expect(loaded).toBe(1);
});

it("describes the variants of its lists, with their options as JSON schema", async () => {
  const view = await startTestEngine(await temporaryFolder()).call("engine.describe", {});
  expect(view.headKinds[0]).toMatchObject({
    id: "mixed-hidden",
    options: { type: "object", properties: { hidden: { type: "integer", default: 64, maximum: 4096 } } },
  });
  expect(view.policies.map(({ id }) => id)).toEqual([
    "top1",
    "entropy",
    "margin",
    "top1-per-class",
    "entropy-per-class",
    "margin-per-class",
  ]);
  expect(view.exportFormats.map(({ target, isOptional }) => [target, isOptional])).toEqual([
    ["model.onnx", false],
    ["model-uint8.onnx", true],
    ["staged", false],
    ["training.onnx", false],
  ]);
  expect(view.datasetFormats.map(({ id }) => id)).toContain("image-folder");
  expect(view.providers).toContain("cpu");
  expect(view.runtime).toMatch(/^onnxruntime-node \d/);
});

it.each([
  ["unknown channel", "project.fly", {}, "the engine has no channel 'project.fly'"],
  ["channel of the main process", "app.info", {}, "the engine has no channel 'app.info'"],
  ["name that every object has", "toString", {}, "the engine has no channel 'toString'"],
])("refuses an %s", async (_what, channel, request, message) => {
  const engine = startTestEngine(await temporaryFolder());
  expect(await engine.raw({ kind: "call", call: "raw", channel, request })).toEqual({
    ok: false,
    error: { code: "usage", message, details: {} },
  });
});

it.each([
  ["a missing field", "project.open", {}, /^project\.open: .*path/],
  ["a field of another type", "project.images", { samples: ["a"] }, /^project\.images: .*samples\[0\]/],
  ["nothing", "model.open", undefined, /^model\.open: /],
  [
    "a number out of range",
    "project.search",
    { target: "id", options: { levels: 0, useCase: {} } },
    /levels/,
  ],
])("refuses %s in a request, in one line", async (_what, channel, request, message) => {
  const engine = startTestEngine(await temporaryFolder());
  const outcome = await engine.raw({ kind: "call", call: "raw", channel, request });
  expect(outcome).toMatchObject({
    ok: false,
    error: { code: "usage", message: expect.stringMatching(message) },
  });
  expect(JSON.stringify(outcome)).not.toContain("\\n");
});

it("drops what is no message, logs it, and goes on", async () => {
  const engine = startTestEngine(await temporaryFolder());
  void engine.raw({ kind: "shout" });
  void engine.raw(null);
  void engine.raw({ kind: "cancel", call: "unknown" });
  expect(engine.logged).toHaveLength(2);
  expect(engine.logged[0]).toMatch(/^a message that can't be read: /);
  expect((await engine.call("engine.describe", {})).threads).toBeGreaterThan(0);
});

it("tells of a fault of its own without its details, which go to the log with their stack", async () => {
  const unforeseen = startFaulty();
  expect(await unforeseen.outcome).toMatchObject({
    kind: "outcome",
    outcome: {
      ok: false,
      error: {
        code: "internal",
        message: "something in Offramp failed that should not; please report it with the log",
      },
    },
  });
  expect(unforeseen.logged[0]).toMatch(/^engine\.describe failed: Error: secret\n\s+at /);
});

/** An engine whose handlers can't be loaded. */
function startFaulty() {
  let listener: Parameters<EnginePort["on"]>[1] = () => {};
  const logged: string[] = [];
  const outcome = new Promise((resolve) => {
    const port: EnginePort = {
      on: (_event, heard) => {
        listener = heard;
      },
      postMessage: (message) => {
        if (message.kind === "outcome") resolve(message);
      },
    };
    serveEngine(port, {
      loadHandlers: () => Promise.reject(new Error("secret")),
      probe: () => {},
      log: (text) => logged.push(text),
    });
  });
  listener({ data: { kind: "call", call: "1", channel: "engine.describe", request: {} } });
  return { outcome, logged };
}

it("refuses a second change while one is under way, from whichever channel", async () => {
  const folder = await temporaryFolder({ "net.onnx": encodeModel(residualNet(2)) });
  const engine = startTestEngine(join(folder, "cache"));
  const path = join(folder, "net.onnx");
  const opening = engine.start("model.open", { path });
  await expect(engine.call("project.sample", {})).rejects.toMatchObject({
    code: "usage",
    message: "opening a file is still under way; stop it or wait until it is done",
  });
  await opening.response;
  const profiling = engine.start("project.profile", { target: {}, seconds: 60 });
  await expect(engine.call("model.open", { path })).rejects.toMatchObject({
    message: "profiling is still under way; stop it or wait until it is done",
  });
  profiling.cancel();
  await expect(profiling.response).rejects.toMatchObject({ code: "cancelled" });
  expect((await engine.call("model.open", { path })).project.profiles).toEqual([]);
});
