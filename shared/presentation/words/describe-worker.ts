import { formatPercent, formatSeconds } from "../../base/format-number.ts";
import { activityOf, type WatchedWorker } from "../../fleet/watched-workers.ts";

const jobWords: Readonly<Record<string, string>> = { profile: "profiling", verify: "verifying" };

/** What a worker does and since when: `free, up 3 min`. */
export function describeActivity(worker: WatchedWorker, nowMs: number): string {
  const activity = activityOf(worker, nowMs);
  const brief = wholeSeconds(activity.forSeconds);
  switch (activity.kind) {
    case "free":
      return `free, up ${brief}`;
    case "busy":
      return `busy: ${jobWords[activity.what] ?? activity.what}, ${formatPercent(activity.done, 0)}, for ${brief}`;
    case "silent":
      return `silent for ${brief}`;
    case "gone":
      return `gone for ${brief}`;
  }
}

/** Seconds are told whole: a worker tells them every few. */
function wholeSeconds(seconds: number): string {
  return seconds < 59.5 ? `${Math.round(seconds)} s` : formatSeconds(seconds);
}

/** Why a worker can't be given work; undefined if it can. */
export function obstacleToWork(
  worker: WatchedWorker,
  {
    version,
    provider,
    threads,
  }: { readonly version: string | undefined; readonly provider?: string; readonly threads?: number },
): string | undefined {
  const { state, goneAtMs } = worker;
  if (goneAtMs !== null) return "It is gone.";
  if (version !== undefined && state.version !== version)
    return `It has Offramp ${state.version}, here is ${version}; install the same on both.`;
  if (provider !== undefined && !state.providers.includes(provider))
    return `It has no provider ${provider}, but ${state.providers.join(", ")}.`;
  if (threads !== undefined && threads > state.limits.threads)
    return `It gives ${state.limits.threads} threads, ${threads} are asked for.`;
  return undefined;
}
