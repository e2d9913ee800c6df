import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { encodeModel } from "../codec.ts";
import type { GraphModel } from "../graph-model.ts";
import { endless, hungry } from "../testing/hostile-models.ts";
import { isRunning } from "../testing/running.ts";
import { forkedProbe } from "./forked-probe.ts";
import type { GuardLimits } from "./guard-probe.ts";
import type { ProbeChild, ProbeMessage, ProbeRequest } from "./model-probe-protocol.ts";

const generous: GuardLimits = { timeMs: 600_000, memoryBytes: 8e9 };

/** How long a child may take to notice; it looks twenty times a second. */
const noticing = { timeout: 20_000, interval: 50 };

function request(bytes: Uint8Array, limits: Partial<GuardLimits>): ProbeRequest {
  return {
    input: { name: "image", type: "float32", dims: [1, 3, 8, 8] },
    further: [],
    dynamicBatch: false,
    modelBytes: bytes.length,
    observedBytes: bytes.length,
    mustSeeBranches: false,
    outputs: ["scores"],
    shapeTensors: [],
    shapedTensors: [],
    seeds: [1, 2],
    limits: { ...generous, ...limits },
  };
}

/** How a child ends whose parent watches neither clock nor memory. */
async function endOf(model: GraphModel, limits: Partial<GuardLimits>): Promise<string> {
  const bytes = encodeModel(model);
  let child: ProbeChild | undefined;
  try {
    return await new Promise((died, fail) => {
      const said = (message: ProbeMessage) => message.kind !== "phase" && fail(new Error(message.kind));
      void forkedProbe([bytes], { said, died }).then((started) => {
        child = started;
        child.send(request(bytes, limits));
      }, fail);
    });
  } finally {
    await child?.end();
  }
}

test("a child ends by itself when its time is up", async () => {
  expect(await endOf(endless(), { timeMs: 1000 })).toMatch(/^was killed/);
});

test("a child ends by itself when it needs too much memory", async () => {
  expect(await endOf(hungry(1e9), { memoryBytes: 400e6 })).toMatch(/^was killed/);
});

/** A process that starts a child, has it run a model or has it wait, and tells its pid. */
const parentCode = `
  const { fork } = require("node:child_process");
  const { openSync } = require("node:fs");
  const [entry, model, request] = process.argv.slice(1);
  const stdio = [openSync(model, "r"), "ignore", "ignore", "ipc"];
  const child = fork(entry, [String(process.pid)], { stdio, serialization: "advanced" });
  const tell = () => console.log(child.pid);
  child.on("message", ({ phase }) => phase === "running the model" && tell());
  if (request) child.send(JSON.parse(request));
  else child.on("spawn", tell);
`;

test.skipIf(process.platform !== "linux").each([
  ["in the middle of a model that never ends", true],
  ["before it asked for anything", false],
])("a child whose parent is killed %s ends", async (_, isAsked) => {
  const bytes = encodeModel(endless());
  const folder = await temporaryFolder({ "endless.onnx": bytes });
  const entry = join(process.cwd(), "dist", "engine", "model-probe-child.js");
  const asked = isAsked ? [JSON.stringify(request(bytes, {}))] : [];
  const parent = spawn(process.execPath, ["-e", parentCode, entry, join(folder, "endless.onnx"), ...asked], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(parent.stdout), "line");
  const child = Number(line);
  try {
    expect(isRunning(child)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isRunning(child), noticing).toBe(false);
  } finally {
    if (isRunning(child)) process.kill(child, "SIGKILL");
  }
});
