import os from "node:os";
import { createStageRunner, type StageCache, type StageRunner } from "../../electron/engine/index.ts";
import { silentJob } from "../../shared/base/job.ts";
import type { Wishes } from "./compare-kinds.ts";

/** Flags of every benchmark that compares kinds of plans, but for the drops. */
export const planFlags = {
  json: { type: "boolean", default: false },
  project: { type: "string" },
  data: { type: "string" },
  policy: { type: "string", default: "top1" },
  exits: { type: "string", default: "3" },
  "best-exits": { type: "string", default: "4" },
  levels: { type: "string", default: "32" },
  limit: { type: "string", default: "300" },
  profile: { type: "string" },
  "profile-seconds": { type: "string", default: "30" },
  verify: { type: "string", default: "all" },
  "verify-seconds": { type: "string", default: "300" },
} as const;

type Asked = Readonly<Record<"policy" | "exits" | "best-exits" | "levels" | "limit" | "drops", string>>;

export function wishesOf(asked: Asked): Wishes {
  return {
    policies: list(asked.policy),
    levels: Number(asked.levels),
    exits: Number(asked.exits),
    bestExits: Number(asked["best-exits"]),
    dropsPp: list(asked.drops).map(Number),
    limitSeconds: Number(asked.limit),
  };
}

export function list(text: string): string[] {
  return text.split(",").filter((item) => item !== "");
}

/** Beside the result, which alone is on the standard output. */
export function say(text: string): void {
  console.error(text);
}

/** Stages that say when they begin. */
export function toldStages(cache: StageCache): StageRunner {
  return createStageRunner(cache, (name, network) => {
    say([network, name].filter((word) => word !== undefined).join(": "));
    return { ...silentJob, warn: say };
  });
}

/** What a figure was measured on. @param started by `performance.now()` */
export function machine(started: number): string {
  const seconds = (performance.now() - started) / 1000;
  return `${os.cpus()[0].model}, ${os.availableParallelism()} cores, load ${os.loadavg()[0].toFixed(1)}, node ${process.version}; ${seconds.toFixed(0)} s`;
}
