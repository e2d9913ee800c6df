import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import { countSamples, evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { useCaseSchema } from "../../../shared/model/use-case.ts";
import { dealShares, type SearchShare } from "../../../shared/search/engine/deal-shares.ts";
import {
  createProgress,
  partKey,
  progressRecordSchema,
} from "../../../shared/search/engine/search-progress.ts";
import {
  type FoundPlan,
  type SearchUpdate,
  searchStateSchema,
} from "../../../shared/search/engine/search-state.ts";
import { threadsHere } from "../base/threads.ts";
import { implausible } from "../jobs/implausible.ts";
import type { JobKind, PackedFiles } from "../jobs/job-kind.ts";
import { searchTogether, type WorkerTask } from "./search-pool.ts";
import { openSentSpace } from "./sent-space.ts";

/** Some parts of a search, with what was found before. */
export interface ShareSubject {
  readonly task: WorkerTask;
  readonly share: SearchShare;
  /** Of the task's space, see `sentSpace`. */
  readonly space: PackedFiles;
}

const optionsSchema = z.strictObject({
  algorithm: z.string().max(64),
  algorithmOptions: z.record(z.string(), z.unknown()).optional(),
  useCase: useCaseSchema,
  goal: z.enum(["front", "best"]).optional(),
  seed: z.number(),
  /** After so long no further part is begun: others have found plans meanwhile that make the rest shorter. */
  seconds: z.number().positive().max(86_400),
});

export type ShareOptions = z.infer<typeof optionsSchema>;

const shareFile = "share.json";
const shareSchema = z.strictObject({
  exits: z.number().int().positive(),
  parts: progressRecordSchema.shape.done.min(1),
  rivals: z.array(z.strictObject({ right: z.number(), latencyMs: z.number() })).optional(),
  /** Nothing where no exit was decided on yet. */
  resume: searchStateSchema.optional(),
});

const maxShareBytes = 64e6;

const updateSchema = z.object({
  found: searchStateSchema.shape.found,
  finished: progressRecordSchema.shape.done,
  evaluations: z.number().int().nonnegative(),
});

/** A part isn't left before it is done, however long it takes. */
const partSeconds = 86_400;

/** Latencies are sums of a few numbers, in whatever order. */
const latencyTolerance = 1e-9;

/** What a worker has found in some parts of an exact search, of which it has seen every plan that could count. */
export const shareKind: JobKind<ShareSubject, ShareOptions, SearchUpdate> = {
  id: "search",
  edition: 1,
  isMeasurement: false,
  options: optionsSchema,
  value: updateSchema,
  maxResultBytes: 0,
  needs: ({ seconds }) => ({ seconds: seconds + partSeconds, threads: 1 }),
  pack: async ({ task, share, space }) => {
    const { exits, parts } = share;
    const rivals = task.rivals?.map(({ right, latencyMs }) => ({ right, latencyMs }));
    const sent: z.infer<typeof shareSchema> = { exits, parts: [...parts], rivals, resume: task.resume };
    return { ...space, [shareFile]: new TextEncoder().encode(JSON.stringify(sent)) };
  },
  open: async (folder, { algorithm, algorithmOptions, useCase, goal, seed }) => {
    const { size } = await stat(join(folder, shareFile));
    if (size > maxShareBytes)
      throw new AppError("file-invalid", `the share takes ${size} bytes, expected at most ${maxShareBytes}`);
    const text = await readFile(join(folder, shareFile), "utf8");
    const { exits, parts, rivals, resume } = shareSchema.parse(JSON.parse(text));
    const space = await openSentSpace(folder);
    checkParts(parts, space.candidates.length);
    const budget = Number.POSITIVE_INFINITY;
    const options = algorithmOptions;
    const task = { algorithm, options, useCase, goal, seed, rivals, resume, space, budget };
    return { task, share: { exits, parts }, space: {} };
  },
  run: async ({ task, share }, { seconds }, { job }) => {
    const { exits, parts } = share;
    const progress = createProgress({ exits: exits - 1, done: [] });
    const deal = dealShares({ parts, progress, maxExits: exits }, threadsHere());
    const started = performance.now();
    const isOver = () => performance.now() - started > 1000 * seconds;
    const found: FoundPlan[] = [];
    const finished: SearchUpdate["finished"] = [];
    let evaluations = 0;
    const joined = {
      merge: (update: SearchUpdate) => {
        found.push(...update.found);
        finished.push(...update.finished);
        for (const part of update.finished) progress.finish(part);
        evaluations += update.evaluations;
      },
      pause: async () => {
        job.report(finished.length, parts.length);
        await job.pause();
        return false;
      },
    };
    await searchTogether(joined, () => (isOver() ? undefined : deal()), task, threadsHere(), job);
    return { value: { found: bestOf(found), finished, evaluations }, files: {} };
  },
  check: ({ value }, { task, share }) => checkUpdate(value, task, share),
};

/** Without plans that another one beats; of equal ones which is kept is decided by who asked. */
function bestOf(found: readonly FoundPlan[]): FoundPlan[] {
  const sorted = [...found].sort((a, b) => a.latencyMs - b.latencyMs || b.right - a.right);
  let best: FoundPlan | undefined;
  return sorted.filter((plan) => {
    if (best && plan.right <= best.right)
      return plan.right === best.right && plan.latencyMs === best.latencyMs;
    best = plan;
    return true;
  });
}

function checkParts(parts: SearchShare["parts"], candidates: number): void {
  const strange = parts.find(({ candidate }) => candidate >= candidates);
  if (strange)
    throw new AppError("file-invalid", `the share names candidate ${strange.candidate} of ${candidates}`);
}

/** Whether plans that are said to be found are what they are said to be; of what wasn't found nobody can know. */
function checkUpdate(
  { found, finished }: SearchUpdate,
  { space, useCase }: WorkerTask,
  { parts }: SearchShare,
): void {
  const asked = new Set(parts.map(partKey));
  if (finished.some((part) => !asked.delete(partKey(part))))
    throw implausible("it is of parts that weren't asked for, or of one twice");
  for (const { plan, right, latencyMs } of found) {
    if (plan.some(({ candidate }) => candidate >= space.candidates.length))
      throw implausible("it has plans with exits that there aren't");
    const own = evaluatePlan(space, plan).latencyMs[useCase.latency];
    const isSame = Math.abs(own - latencyMs) <= latencyTolerance * own;
    if (!isSame || countSamples(space, plan).right !== right)
      throw implausible("its plans aren't as good as it says");
  }
}
