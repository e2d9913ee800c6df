import type { Job } from "../../../shared/base/job.ts";

/** Jobs that wait for workers at a time: more than most fleets have, so that whoever joins finds some. */
const mostWaiting = 64;

/**
 * Does some things at once, as parts of one job. Once one has failed or the job was cancelled, the others are stopped too,
 * and nothing goes on when this ends.
 * @param unit what they are, for progress
 * @param weights how much of the whole each is
 * @param run does one; its job is its part of the whole
 * @throws what the first that failed throws
 */
export async function allTogether(
  unit: string,
  weights: readonly number[],
  job: Job,
  run: (index: number, part: Job) => Promise<void>,
): Promise<void> {
  const total = Math.max(1e-9, sumOf(weights));
  const shares = weights.map(() => 0);
  const tell = (note?: string) => {
    const done = sumOf(weights.map((weight, index) => weight * shares[index])) / total;
    const ended = shares.filter((share) => share === 1).length;
    const words = note === undefined ? "" : `; ${note}`;
    job.report(done, 1, `${ended} of ${weights.length} ${unit}${words}`);
  };
  let failure: { readonly cause: unknown } | undefined;
  const partOf = (index: number): Job => ({
    ...job,
    report: (done, of, note) => {
      // What is done is told once it is.
      shares[index] = Math.min(0.99, of > 0 ? done / of : 0);
      tell(note);
    },
    pause: async () => {
      if (failure) throw failure.cause;
      await job.pause();
    },
  });
  let next = 0;
  const lane = async () => {
    while (next < weights.length && !failure) {
      const index = next++;
      try {
        await run(index, partOf(index));
        shares[index] = 1;
        tell();
      } catch (cause) {
        failure ??= { cause };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostWaiting, weights.length) }, lane));
  if (failure) throw failure.cause;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/**
 * Divides a row of things into shares of neighbours that are about alike: each ends where it is nearest to its part of the whole.
 * @param weights of the things
 * @returns where each share begins and ends; at most as many shares as wanted, none empty
 */
export function divideEvenly(
  weights: readonly number[],
  wanted: number,
): { readonly from: number; readonly to: number }[] {
  const total = sumOf(weights);
  const shares: { readonly from: number; readonly to: number }[] = [];
  let [from, passed] = [0, 0];
  for (const [at, weight] of weights.entries()) {
    passed += weight;
    const short = ((shares.length + 1) * total) / wanted - passed;
    const next = weights[at + 1];
    if (next !== undefined && short > 0 && short > next - short) continue;
    shares.push({ from, to: at + 1 });
    from = at + 1;
  }
  return shares;
}
