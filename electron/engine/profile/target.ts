import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import type { Target } from "../../../shared/domain/profile.ts";
import { AppError } from "../../../shared/errors.ts";
import { availableProviders, runtimeName } from "../onnx/runtime.ts";

export interface TargetOptions {
  readonly provider: string;
  readonly threads: number;
}

/**
 * Describes this machine as a target.
 * @throws AppError 'usage' if ONNX Runtime has no such provider here or the thread count is out of range
 */
export function describeTarget({ provider, threads }: TargetOptions): Target {
  const providers = availableProviders();
  if (!providers.includes(provider))
    throw new AppError(
      "usage",
      `no execution provider '${provider}' on this machine; choose from ${providers.join(", ")}`,
    );
  const cores = availableParallelism();
  if (!Number.isInteger(threads) || threads < 1 || threads > cores)
    throw new AppError("usage", `${threads} threads: this machine has ${cores} cores; choose 1 to ${cores}`);
  const processor = cpus()[0]?.model.trim() || "unknown processor";
  return {
    device: `${processor}, ${cores} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    operatingSystem: `${platform()} ${release()} ${arch()}`,
    runtime: runtimeName,
    provider,
    threads,
  };
}
