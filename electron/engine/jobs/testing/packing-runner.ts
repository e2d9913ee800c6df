import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { StageCache } from "../../base/cache.ts";
import type { JobRunner } from "../job-kind.ts";

/** For tests: what a runner has done, and what is to go wrong. */
export interface PackingRunner extends JobRunner {
  /** Kinds of the jobs in the order in which they were begun. */
  readonly begun: string[];
  /** Most jobs that were done at once. */
  readonly mostAtOnce: () => number;
}

/**
 * For tests: does jobs as workers do, without a server: packs them, opens what was packed, runs that, and takes the result only
 * if the kind's check does.
 * @param places how many it says that are done at once
 * @param fail is asked before a job is run
 */
export function packingRunner(places: number, fail: (job: number) => void = () => {}): PackingRunner {
  const begun: string[] = [];
  let [now, most] = [0, 0];
  let cache: StageCache | undefined;
  return {
    begun,
    mostAtOnce: () => most,
    places: async () => places,
    run: async (kind, subject, given, { job }) => {
      const number = begun.push(kind.id) - 1;
      now++;
      most = Math.max(most, now);
      try {
        const options = kind.options.parse(JSON.parse(JSON.stringify(given)));
        // A worker has a cache of its own.
        cache ??= new StageCache(await temporaryFolder());
        const folder = await temporaryFolder();
        for (const [name, file] of Object.entries(await kind.pack(subject, options))) {
          await mkdir(dirname(join(folder, name)), { recursive: true });
          await writeFile(join(folder, name), file instanceof Uint8Array ? file : await file.bytes());
        }
        fail(number);
        await job.pause();
        const opened = await kind.open(folder, options, { cache, job });
        const { value, files } = await kind.run(opened, options, { cache, job });
        const result = { value: kind.value.parse(JSON.parse(JSON.stringify(value))), files };
        kind.check(result, subject, options);
        return result;
      } finally {
        now--;
      }
    },
  };
}
