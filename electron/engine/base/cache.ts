import { readdir, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Job, silentJob } from "../../../shared/base/job.ts";
import { isDiskFull } from "../../disk/disk-error.ts";
import { sweepFolder } from "../../disk/drafts.ts";
import { hashOf } from "./hash.ts";
import { isIntact, notKept, writeSealedFolder } from "./sealed-folder.ts";

/** Raised when what a stage writes changes meaning, so that older entries are no longer found. */
const cacheVersion = 5;

/** A stage's result that may be there already. */
export interface CacheQuery<Result> {
  readonly stage: string;
  /** Everything that the result depends on; plain JSON. */
  readonly key: unknown;
  /** Reads the result back; a folder that it can't read, of an older format say, is made again. */
  read(folder: string): Promise<Result>;
}

export interface CacheRequest<Result> extends CacheQuery<Result> {
  /** Writes the result's files into an empty folder. */
  produce(folder: string): Promise<void>;
}

/** Names of entries and of their drafts; anything else in the cache folder is left alone. */
const entryName = /-[0-9a-f]{32}$/;
const draftName = /-[0-9a-f]{32}\.[0-9a-z.-]+\.draft$/;

/** Share of the budget by which the sum may exceed it: looking at all entries takes longer than making a small one. */
const uncountedShare = 0.01;

/** Codes of what the system throws when something that was there is gone. */
const goneCodes = ["ENOENT", "ENOTDIR"];

/**
 * Stage results on disk, each a folder under the SHA-256 of what it depends on. A folder appears whole or not at
 * all; its files are checked against their own hashes before they are trusted, and made again if they differ.
 */
export class StageCache {
  private readonly used = new Set<string>();
  private isSwept = false;
  private isEmptied = false;
  /** Bytes of entries that were made since the sum was looked at. */
  private uncounted = Number.POSITIVE_INFINITY;

  /**
   * @param folder where the entries live; made when needed
   * @param budgetBytes entries that were used longest ago go first once the sum exceeds this
   */
  constructor(
    readonly folder: string,
    private readonly budgetBytes = 12e9,
  ) {}

  /**
   * @param job is asked whether to continue while files are hashed
   * @returns the result, read back from its folder; and whether it was there already
   * @throws AppError 'output-unwritable' if the cache's folder can't be made; 'cancelled'; what the request throws
   */
  async get<Result>(
    request: CacheRequest<Result>,
    job: Job = silentJob,
  ): Promise<{ result: Result; reused: boolean }> {
    const folder = this.place(request);
    const found = await readIntact(folder, request, job);
    if (found) return { ...found, reused: true };
    try {
      return await this.make(folder, request, job);
    } catch (cause) {
      if (!this.isOwn(cause) || !goneCodes.includes(cause.code ?? "")) throw this.refusal(cause);
      if (!this.isEmptied)
        job.warn?.(
          `something in ${this.folder} was removed while it was in use; what was lost is made again`,
        );
      this.isEmptied = true;
    }
    return this.make(folder, request, job).catch((cause) => {
      throw this.refusal(cause);
    });
  }

  private async make<Result>(
    folder: string,
    request: CacheRequest<Result>,
    job: Job,
  ): Promise<{ result: Result; reused: boolean }> {
    // Another process that made the same entry meanwhile, and reads it, wins.
    const isThere = async () => (await readIntact(folder, request, job)) !== undefined;
    await writeSealedFolder(folder, request.produce, job, isThere);
    this.uncounted += await folderBytes(folder);
    if (this.uncounted > uncountedShare * this.budgetBytes) await this.prune();
    return { result: await request.read(folder), reused: false };
  }

  /** Whether the system refused something in the cache's folder. */
  private isOwn(cause: unknown): cause is NodeJS.ErrnoException {
    const { syscall, path } = cause as NodeJS.ErrnoException;
    return syscall !== undefined && path !== undefined && resolve(path).startsWith(resolve(this.folder));
  }

  private refusal(cause: unknown): unknown {
    return this.isOwn(cause) && !isDiskFull(cause) ? notKept(this.folder, cause) : cause;
  }

  /**
   * Keeps a result in place of the one that was there.
   * @throws AppError 'output-unwritable' if the cache's folder can't be made; what the request throws
   */
  async replace<Result>(request: CacheRequest<Result>): Promise<void> {
    await writeSealedFolder(this.place(request), request.produce, silentJob, async () => false);
    await this.prune();
  }

  /**
   * @returns nothing if there is no result, or none that can be trusted
   * @throws AppError 'cancelled'
   */
  find<Result>(query: CacheQuery<Result>, job: Job = silentJob): Promise<{ result: Result } | undefined> {
    return readIntact(this.place(query), query, job);
  }

  /** Removes an entry that nobody needs any more and that is large. */
  async remove(query: Pick<CacheQuery<unknown>, "stage" | "key">): Promise<void> {
    await rm(this.place(query), { recursive: true, force: true });
  }

  /** The folder of an entry, which counts as used; the first time, what killed processes left is removed. */
  private place({ stage, key }: Pick<CacheQuery<unknown>, "stage" | "key">): string {
    if (!this.isSwept) sweepFolder(this.folder, (each) => draftName.test(each));
    this.isSwept = true;
    const name = `${stage}-${hashOf({ cacheVersion, stage, key }).slice(0, 32)}`;
    this.used.add(name);
    return join(this.folder, name);
  }

  /**
   * Drops the entries used longest ago until the rest fits; what this run used stays. Other processes may use the folder
   * too, so anything may be gone by the time it is looked at.
   */
  private async prune(): Promise<void> {
    this.uncounted = 0;
    const entries = [];
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const info = await stat(path).catch(() => undefined);
      if (!info?.isDirectory() || !entryName.test(name) || this.used.has(name)) continue;
      entries.push({ path, time: info.mtimeMs, bytes: await folderBytes(path) });
    }
    entries.sort((a, b) => a.time - b.time);
    let total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    for (const { path, bytes } of entries) {
      if (total <= this.budgetBytes) return;
      await rm(path, { recursive: true, force: true });
      total -= bytes;
    }
  }
}

/** The result of an undamaged entry; nothing if there is none that can be trusted. */
async function readIntact<Result>(
  folder: string,
  { read }: CacheQuery<Result>,
  job: Job,
): Promise<{ result: Result } | undefined> {
  if (!(await isIntact(folder, job))) return undefined;
  try {
    const result = await read(folder);
    const now = new Date();
    await utimes(folder, now, now).catch(() => {});
    return { result };
  } catch {
    return undefined;
  }
}

async function folderBytes(folder: string): Promise<number> {
  let total = 0;
  for (const name of await readdir(folder).catch(() => []))
    total += await stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    );
  return total;
}

/** Where results are kept: `OFFRAMP_CACHE`, else the platform's cache folder. */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.OFFRAMP_CACHE) return environment.OFFRAMP_CACHE;
  if (environment.XDG_CACHE_HOME) return join(environment.XDG_CACHE_HOME, "offramp");
  if (process.platform === "win32" && environment.LOCALAPPDATA)
    return join(environment.LOCALAPPDATA, "offramp", "cache");
  const home = environment.HOME ?? environment.USERPROFILE ?? tmpdir();
  return process.platform === "darwin"
    ? join(home, "Library", "Caches", "offramp")
    : join(home, ".cache", "offramp");
}
