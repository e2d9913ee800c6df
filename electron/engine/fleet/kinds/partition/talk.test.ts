import { expect, it } from "vitest";
import { silentJob } from "../../../../../shared/base/job.ts";
import type { Wire } from "../../../jobs/job-kind.ts";
import { runtimeTensor } from "../../../onnx/runtime.ts";
import { measureLink } from "./measure-link.ts";
import { type Talk, talkOver } from "./talk.ts";
import { tensorsIn, tensorsMessage } from "./tensor-bytes.ts";

/**
 * Two ends of a wire in this process. @param delayOf how long so many bytes take one way, ms; undefined if they are lost
 */
function wirePair(delayOf: (bytes: number) => number | undefined = () => 0): [Wire, Wire] {
  const listeners: ((bytes: Uint8Array) => void)[] = [];
  const end = (own: number): Wire => ({
    listen: (listener) => {
      listeners[own] = listener;
    },
    send: (bytes) => {
      const ms = delayOf(bytes.length);
      if (ms !== undefined) setTimeout(() => listeners[1 - own]?.(bytes.slice()), ms);
    },
  });
  return [end(0), end(1)];
}

function talks(delayOf?: (bytes: number) => number | undefined): [Talk, Talk] {
  const [one, other] = wirePair(delayOf);
  return [talkOver(one), talkOver(other)];
}

it("tensors of many pieces cross whole, and come back as they were", async () => {
  const [device, server] = talks();
  const values = Float32Array.from({ length: 400_000 }, (_, at) => at / 3);
  server.answer(async (message) => tensorsMessage("answer", tensorsIn(message), { exit: 2 }));
  const sample = runtimeTensor("float32", values, [1, 400, 1000]);
  const picture = runtimeTensor("uint8", Uint8Array.of(7, 8, 255), [1, 1, 3]);
  const reply = await device.ask(tensorsMessage("sample", [picture, sample]), 20_000);
  expect(reply.about).toMatchObject({ exit: 2 });
  const back = tensorsIn(reply);
  expect(back.map(({ type, dims }) => [type, dims])).toEqual([
    ["uint8", [1, 1, 3]],
    ["float32", [1, 400, 1000]],
  ]);
  expect(back.map(({ data }) => data)).toEqual([picture.data, values]);
});

it("a lost piece loses its message alone, and who waits for it is told", async () => {
  let isLossy = true;
  const [device, server] = talks((bytes) => (isLossy && bytes > 100_000 ? undefined : 0));
  server.answer(async ({ bytes }) => ({ kind: "heard", about: bytes.length }));
  await expect(device.ask({ kind: "load", bytes: new Uint8Array(700_000) }, 300)).rejects.toMatchObject({
    code: "fleet-unavailable",
  });
  isLossy = false;
  expect((await device.ask({ kind: "load", bytes: new Uint8Array(700_000) }, 20_000)).about).toBe(700_000);
});

it("what the other side fails with is said", async () => {
  const [device, server] = talks();
  server.answer(async () => {
    throw new Error("no such stage");
  });
  await expect(device.ask({ kind: "sample" }, 20_000)).rejects.toThrow(/doesn't answer: no such stage/);
});

it.each([
  { type: "float32", dims: [2] },
  { type: "string", dims: [1] },
  { type: "uint8", dims: [3] },
])("what is no tensor isn't taken for one: $type $dims", (about) => {
  const message = { kind: "sample", about: { tensors: [about] }, bytes: new Uint8Array(4) };
  expect(() => tensorsIn(message)).toThrow(/sent no tensors/);
});

it("a link is measured as it is: 20 ms one way, 8 bytes a microsecond", async () => {
  const [device, server] = talks((bytes) => 20 + bytes / 8000);
  server.answer(async () => ({ kind: "heard" }));
  const link = await measureLink(device, silentJob);
  // Timers are late on a busy machine, never early.
  expect(link.latencyMs).toBeGreaterThanOrEqual(19);
  expect(link.latencyMs).toBeLessThan(100);
  expect(link.bandwidthMbps).toBeLessThan(90);
  expect(link.bandwidthMbps).toBeGreaterThan(64 / 5);
});
