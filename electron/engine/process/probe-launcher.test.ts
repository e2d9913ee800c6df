import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ProbeOrder } from "../../../shared/ipc/engine-protocol.ts";
import type { ProbeMessage, ProbeRequest } from "../onnx/probe/model-probe-protocol.ts";
import { relayedProbes } from "./probe-launcher.ts";

const request: ProbeRequest = {
  input: { name: "x", type: "float32", dims: [1, 1, 2, 2] },
  further: [],
  dynamicBatch: false,
  modelBytes: 3,
  observedBytes: 3,
  mustSeeBranches: false,
  outputs: ["y"],
  shapeTensors: [],
  shapedTensors: [],
  seeds: [1, 2],
  limits: { timeMs: 1000, memoryBytes: 1e9 },
};

/** A launcher and the orders that reach the main process. */
function relay() {
  const orders: ProbeOrder[] = [];
  const said: ProbeMessage[] = [];
  const died: string[] = [];
  const probes = relayedProbes((order) => orders.push(order));
  const listener = {
    said: (message: ProbeMessage) => said.push(message),
    died: (how: string) => died.push(how),
  };
  const start = async () => {
    const started = probes.launch([Uint8Array.of(1, 2), Uint8Array.of(3)], listener);
    await expect.poll(() => orders.length).toBe(1);
    return { id: orders[0].id, started };
  };
  return { orders, said, died, probes, start };
}

it("asks for a child, hands it the model as a file, and leaves nothing behind", async () => {
  const { orders, said, died, probes, start } = relay();
  const { id, started } = await start();
  probes.receive({ report: "started", id, pid: 42 });
  const child = await started;
  expect(child.pid).toBe(42);

  child.send(request);
  const order = orders[1] as Extract<ProbeOrder, { order: "say" }>;
  const { modelPath, ...rest } = order.message as ProbeRequest;
  expect(rest).toEqual(request);
  expect([...readFileSync(modelPath!)]).toEqual([1, 2, 3]);

  const phase: ProbeMessage = { kind: "phase", phase: "loading the model" };
  probes.receive({ report: "said", id, message: phase });
  probes.receive({ report: "said", id: "another child", message: phase });
  expect(said).toEqual([phase]);

  const ended = child.end();
  expect(orders.at(-1)).toEqual({ order: "kill", id });
  probes.receive({ report: "ended", id, how: "was killed" });
  await ended;
  expect(child.pid).toBeUndefined();
  expect(died).toEqual(["was killed"]);
  expect(existsSync(modelPath!)).toBe(false);
});

it("tells that a child could not be started, and ends at once", async () => {
  const { orders, died, probes, start } = relay();
  const { id, started } = await start();
  probes.receive({ report: "ended", id, how: "could not be started" });
  const child = await started;
  await child.end();
  expect(died).toEqual(["could not be started"]);
  expect(orders).toEqual([{ order: "start", id }]);
});
