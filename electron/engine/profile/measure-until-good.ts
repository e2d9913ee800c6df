import { type Job, partOfJob } from "../../../shared/base/job.ts";
import type { Profile, ProfileQuality } from "../../../shared/model/profile.ts";
import { machine, waitForLoad } from "./machine/machine-watch.ts";
import { rules } from "./measurement-rules.ts";

/** After so long it is no use to wait for a machine that never is calm. */
const longestSeconds = 600;

const ranks: readonly (ProfileQuality["trust"] | undefined)[] = ["good", "fair", "poor", undefined];

/**
 * Measures again and again until a profile can be trusted, and waits for a calm machine in between, ten minutes in all.
 * @param measure makes one profile
 * @param seconds that one may take
 * @returns the first good profile, or the best of those that were made
 * @throws AppError 'cancelled'
 */
export async function measureUntilGood(
  measure: (job: Job) => Promise<Profile>,
  seconds: number,
  job: Job,
  world = machine,
): Promise<Profile> {
  const started = world.now();
  const elapsed = () => (world.now() - started) / 1000;
  const allSeconds = Math.max(longestSeconds, seconds);
  let best: Profile | undefined;
  for (;;) {
    const from = Math.min(1, elapsed() / allSeconds);
    const profile = await measure(partOfJob(job, from, Math.min(1, from + seconds / allSeconds)));
    if (!best || rank(profile) < rank(best)) best = profile;
    if (rank(best) === 0 || elapsed() + seconds > allSeconds) return best;
    const reasons = profile.quality?.reasons.join("; ") || "it can't be trusted";
    const say = () => job.report(elapsed(), allSeconds, `waiting for a calmer machine: ${reasons}`);
    say();
    await waitForLoad(rules.load.fair, 1000 * (allSeconds - seconds - elapsed()), say, job, world);
  }
}

function rank({ quality }: Profile): number {
  return ranks.indexOf(quality?.trust);
}
