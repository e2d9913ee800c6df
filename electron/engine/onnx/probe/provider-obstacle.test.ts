import { afterAll, expect, test } from "vitest";
import { forkedProbe } from "./forked-probe.ts";
import { useProbeLauncher } from "./model-probe.ts";
import { providerObstacle, providerReason } from "./provider-obstacle.ts";

afterAll(() => useProbeLauncher(forkedProbe));

test("the reason stands behind the place in ONNX Runtime's source", () => {
  const gpu =
    "/src/webgpu_context.cc:136 Initialize(const Config&)::<lambda()> status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n";
  expect(providerReason(gpu)).toBe("Failed to get a WebGPU adapter: No supported adapters");
  const cuda = "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library";
  expect(providerReason(cuda)).toBe("its library isn't among ONNX Runtime's files");
  expect(providerReason("AppendExecutionProvider: no such device")).toBe("no such device");
});

test("a provider that ONNX Runtime can't know is told in its words, and the one that runs everywhere has no obstacle", async () => {
  expect(await providerObstacle("cpu")).toBeUndefined();
  expect(await providerObstacle("abacus")).toMatch(/abacus/);
});

test("a driver that ends its process ends no more than that, and is tried once", async () => {
  let started = 0;
  useProbeLauncher(async (_model, listener) => {
    started++;
    queueMicrotask(() => listener.died("died of SIGSEGV"));
    return { pid: undefined, send: () => {}, end: async () => {} };
  });
  expect(await providerObstacle("faulty")).toBe("its process died of SIGSEGV");
  expect(await providerObstacle("faulty")).toBe("its process died of SIGSEGV");
  expect(started).toBe(1);
});
