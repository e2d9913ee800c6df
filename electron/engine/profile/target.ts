import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { AppError } from "../../../shared/base/errors.ts";
import type { Profile, Target } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { isThisMachine, type Machine, type ProviderView } from "../../../shared/model/this-machine.ts";
import { providerObstacle } from "../onnx/probe/provider-obstacle.ts";
import { measuringRuntime } from "../onnx/runtime.ts";
import { powerMode } from "./energy/power-mode.ts";

/**
 * Describes this machine as a target.
 * @throws AppError 'usage' if ONNX Runtime has no such provider here or the thread count is out of range
 */
export function describeTarget({ provider, threads }: TargetOptions): Target {
  const { providers } = measuringRuntime();
  if (!providers.includes(provider))
    throw new AppError(
      "usage",
      `no execution provider '${provider}' on this machine; choose from ${providers.join(", ")}`,
    );
  const cores = availableParallelism();
  if (!Number.isInteger(threads) || threads < 1 || threads > cores)
    throw new AppError("usage", `${threads} threads: this machine has ${cores} cores; choose 1 to ${cores}`);
  const { device, operatingSystem, runtime } = describeMachine();
  return { device, operatingSystem, runtime, provider, threads };
}

/** This machine, as profiles made here name it. */
export function describeMachine(): Machine {
  const processor = cpus()[0]?.model.trim() || "unknown processor";
  const { name, providers } = measuringRuntime();
  const mode = powerMode();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return {
    device: [
      `${processor}, ${availableParallelism()} cores, ${memory}`,
      ...(mode ? [`power mode ${mode}`] : []),
    ].join(", "),
    operatingSystem: `${platform()} ${release()} ${arch()}`,
    runtime: name,
    providers,
  };
}

/**
 * The options under which this machine is a profile's target.
 * @throws AppError 'usage' if it can't be
 */
export async function optionsHere({ target }: Pick<Profile, "target">): Promise<TargetOptions> {
  const { provider, threads } = target;
  const here = describeMachine();
  if (!isThisMachine(target, here))
    throw new AppError(
      "usage",
      `the profile was made on another machine (${machineText(target)}) than this one (${machineText(here)}); ` +
        "profile this machine first",
    );
  await checkTarget({ provider, threads });
  return { provider, threads };
}

function machineText({ device, operatingSystem, runtime }: Omit<Machine, "providers">): string {
  return `${device}; ${operatingSystem}; ${runtime}`;
}

/** The execution providers of this ONNX Runtime, each with why it doesn't work on this machine. */
export function providersHere(): Promise<ProviderView[]> {
  return Promise.all(
    measuringRuntime().providers.map(async (name) => ({
      name,
      obstacle: (await providerObstacle(name)) ?? null,
    })),
  );
}

/**
 * Finds out before any long work whether this machine can be the target.
 * @throws AppError 'usage' if it can't
 */
export async function checkTarget(options: TargetOptions): Promise<void> {
  describeTarget(options);
  const { provider } = options;
  const obstacle = await providerObstacle(provider);
  if (obstacle === undefined) return;
  const working = (await providersHere()).filter((other) => other.obstacle === null).map(({ name }) => name);
  throw new AppError(
    "usage",
    `execution provider '${provider}' doesn't work on this machine: ${obstacle}; choose from ${working.join(", ")}`,
  );
}
