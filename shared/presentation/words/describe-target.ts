import type { Target } from "../../model/profile.ts";

/** A target in a few words: `AMD EPYC, 2 cores, 24 GiB · cpu, 1 thread`. */
export function describeTarget({
  device,
  provider,
  threads,
}: Pick<Target, "device" | "provider" | "threads">): string {
  return `${device} · ${provider}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}
