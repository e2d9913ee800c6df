import { randomBytes } from "node:crypto";
import { availableParallelism, hostname, totalmem } from "node:os";
import type { WorkerState } from "../../../../shared/fleet/worker-state.ts";
import type { FarRuntime } from "../../onnx/runtime.ts";
import { describeMachine } from "../../profile/target.ts";
import { ownVersion } from "../server/own-version.ts";

/** What a worker is told by who starts it. */
export interface WorkerOptions {
  readonly name: string;
  readonly tags: readonly string[];
  /** Where it keeps what it is sent; it writes nowhere else. */
  readonly cacheFolder: string;
  /** What a job may use: resident memory of its process, 60 % of the machine's if absent; threads, all cores if absent. */
  readonly memoryBytes?: number;
  readonly threads?: number;
  /** A Python whose onnxruntime runs what is measured, such as python3; ONNX Runtime for Node if absent. */
  readonly runtime?: string;
}

/** What of a worker's state stays as it is. */
export type WorkerIdentity = Omit<WorkerState, "load" | "upSeconds" | "doing">;

const defaultMemoryShare = 0.6;
const longestWords = 300;

/** @param measuring what runs networks in another program's place, see `startPython` */
export function describeWorker(
  { name, tags, memoryBytes = defaultMemoryShare * totalmem(), threads }: WorkerOptions,
  measuring?: Pick<FarRuntime, "name" | "providers">,
): WorkerIdentity {
  const { device, operatingSystem, runtime, providers } = describeMachine();
  const short = (text: string) => text.slice(0, longestWords);
  const cores = availableParallelism();
  return {
    format: "offramp-worker",
    name,
    instance: randomBytes(8).toString("hex"),
    pid: process.pid,
    host: short(hostname()),
    tags: [...tags],
    version: ownVersion,
    device: short(device),
    cores,
    memoryBytes: totalmem(),
    operatingSystem: short(operatingSystem),
    runtime: short(measuring?.name ?? runtime),
    node: process.version,
    providers: [...(measuring?.providers ?? providers)],
    limits: {
      memoryBytes,
      threads: threads ?? cores,
    },
  };
}
