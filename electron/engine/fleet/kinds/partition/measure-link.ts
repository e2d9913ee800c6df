import type { Job } from "../../../../../shared/base/job.ts";
import type { Link } from "../../../../../shared/model/link.ts";
import { median } from "../../../profile/statistics.ts";
import type { Talk } from "./talk.ts";

/** Messages there and back, of which the first few only warm up. */
const pings = 40;
const warmUps = 5;

/** A load that takes so long says enough of the bandwidth; none is larger than this. */
const longEnoughMs = 30;
const firstLoadBytes = 64 * 1024;
const mostLoadBytes = 8 * 2 ** 20;
const loads = 5;

const answerMs = 60_000;

/**
 * The link to the other side as samples cross it, processes and server on the way included: half of what a short message takes
 * there and back, and what a load adds to that.
 */
export async function measureLink(talk: Talk, job: Job): Promise<Link> {
  const trip = async (bytes: number) => {
    await job.pause();
    const started = performance.now();
    await talk.ask({ kind: "load", bytes: new Uint8Array(bytes) }, answerMs);
    return performance.now() - started;
  };
  const trips: number[] = [];
  for (let ping = 0; ping < pings; ping++) trips.push(await trip(1));
  const tripMs = median(trips.slice(warmUps));
  let bytes = firstLoadBytes;
  while (bytes < mostLoadBytes && (await trip(bytes)) - tripMs < longEnoughMs) bytes *= 2;
  const loadMs: number[] = [];
  for (let load = 0; load < loads; load++) loadMs.push(Math.max(1e-3, (await trip(bytes)) - tripMs));
  return { latencyMs: tripMs / 2, bandwidthMbps: Math.max(1e-3, (8 * bytes) / (1000 * median(loadMs))) };
}
