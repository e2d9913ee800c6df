import type { WorkerState } from "../worker-state.ts";

/** A worker that nobody has started. */
export const madeUpWorker: WorkerState = {
  format: "offramp-worker",
  name: "jetson-1",
  instance: "0123456789abcdef",
  pid: 7,
  host: "lab",
  tags: ["board", "gpu"],
  version: "0.1.0",
  device: "Carmel, 8 cores, 32 GiB",
  cores: 8,
  memoryBytes: 32e9,
  operatingSystem: "linux 5.10 arm64",
  runtime: "onnxruntime-node 1.30.0",
  node: "v20.9.0",
  providers: ["cpu"],
  limits: { memoryBytes: 19e9, threads: 8 },
  load: 0.1,
  upSeconds: 60,
  doing: null,
};
