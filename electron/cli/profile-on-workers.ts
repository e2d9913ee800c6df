import type { z } from "zod";
import { AppError } from "../../shared/base/errors.ts";
import { formatPercent } from "../../shared/base/format-number.ts";
import type { Job } from "../../shared/base/job.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { describeQuality } from "../../shared/presentation/words/describe-quality.ts";
import { writeFileAtomically } from "../disk/write-file.ts";
import { type Fleet, loadFleet, type Project, profileKind } from "../engine/index.ts";
import { beware, describeProfile } from "./describe-profile.ts";
import { milliseconds } from "./format.ts";
import type { Parsed } from "./schema-options.ts";
import { withFleet } from "./server-options.ts";
import type { Terminal } from "./terminal.ts";

interface Asked {
  readonly project: Project;
  readonly asked: z.infer<typeof profileKind.options>;
  readonly workers: readonly string[];
  /** One for each of them. */
  readonly outs: readonly string[];
}

/**
 * Profiles a project on several workers at once and writes what each has measured; one that fails doesn't take the others'
 * profiles away.
 * @throws AppError the first worker's that failed, once all have ended
 */
export async function profileOnWorkers(parsed: Parsed, request: Asked, terminal: Terminal): Promise<void> {
  const { workers, outs, asked } = request;
  const { progress, print } = terminal;
  const measured = await withFleet(parsed, "offramp-profile", (fleet) =>
    measureAll(fleet, request, terminal),
  );
  progress.finish();
  const done = workers.flatMap((name, at) => {
    const outcome = measured[at];
    return outcome.status === "fulfilled" ? [{ name, out: outs[at], profile: outcome.value }] : [];
  });
  const lines = done.flatMap(({ name, out, profile }, at) => [
    ...(at > 0 ? [""] : []),
    ...(workers.length > 1 ? [`${name}:`] : []),
    ...describeProfile(profile),
    "",
    `wrote ${out}`,
    ...beware(profile, asked.until),
  ]);
  const json =
    workers.length > 1
      ? Object.fromEntries(done.map(({ name, profile }) => [name, profile]))
      : done[0]?.profile;
  if (done.length > 0) print(json, lines);
  const failed = measured.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

export async function writeProfile(path: string, profile: Profile): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(profile, null, 2)}\n`);
}

async function measureAll(
  fleet: Fleet,
  { project, asked, workers, outs }: Asked,
  { cache, progress }: Terminal,
): Promise<PromiseSettledResult<Profile>[]> {
  const { doneBy } = await loadFleet();
  const jobs = shareProgress(progress.job("profile"), workers);
  return Promise.allSettled(
    workers.map(async (worker, at) => {
      const runner = doneBy(fleet, { worker });
      try {
        const { value } = await runner.run(profileKind, project, asked, { cache, job: jobs[at] });
        await writeProfile(outs[at], value);
        const { backbone, quality } = value;
        if (workers.length > 1)
          progress.tell(
            `${worker}: backbone ${milliseconds(backbone.meanMs)}, quality ${describeQuality(quality)}`,
          );
        return value;
      } catch (cause) {
        const isTold = cause instanceof AppError && cause.code !== "cancelled" && workers.length > 1;
        if (isTold) progress.tell(cause.message);
        throw cause;
      }
    }),
  );
}

/** A job for each worker, whose shares of the whole are alike, and which are told of together. */
function shareProgress(whole: Job, workers: readonly string[]): Job[] {
  const done = workers.map(() => 0);
  const notes = workers.map((name) => `${name}: waiting`);
  return workers.map((name, at) => ({
    ...whole,
    report: (part: number, total: number, note?: string) => {
      done[at] = total > 0 ? part / total : 1;
      const words = note?.startsWith(name) ? note : `${name}${note === undefined ? "" : `: ${note}`}`;
      notes[at] = `${words} ${formatPercent(done[at], 0)}`;
      whole.report(
        done.reduce((sum, share) => sum + share, 0),
        workers.length,
        notes.join(" · "),
      );
    },
  }));
}
