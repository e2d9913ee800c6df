import { link, readdir, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Job, partOfJob } from "../../../../shared/base/job.ts";
import type { FileReferences } from "../../../../shared/fleet/job-ticket.ts";
import { makeFolder } from "../../../disk/make-folder.ts";
import { fetchFile } from "../server/objects.ts";
import type { FleetStore } from "../server/streams.ts";

/** Where a worker keeps things; it writes nowhere else. */
export interface WorkerFolders {
  /** Files of jobs by their SHA-256, so that each is sent here once. */
  readonly inputs: string;
  /** One folder for each job that is worked on. */
  readonly jobs: string;
  readonly temporary: string;
  /** Results of stages, see `StageCache`. */
  readonly stages: string;
}

/** What files of jobs may take here; those that weren't used for longest go first. */
const inputBudgetBytes = 20e9;

/** The folders of a worker, without what one that was killed has left in them. */
export async function openFolders(cacheFolder: string, name: string): Promise<WorkerFolders> {
  const own = join(cacheFolder, "fleet", name);
  const folders = {
    inputs: join(own, "inputs"),
    jobs: join(own, "jobs"),
    temporary: join(own, "tmp"),
    stages: join(own, "stages"),
  };
  for (const folder of [folders.jobs, folders.temporary]) await rm(folder, { recursive: true, force: true });
  for (const folder of Object.values(folders)) await makeFolder(folder);
  return folders;
}

/**
 * Brings a job's files here, unless they are here already, and puts them into its folder under their names.
 * @returns that folder
 * @throws what `fetchFile` throws
 */
export async function bringInputs(
  store: FleetStore,
  files: FileReferences,
  { inputs, jobs }: WorkerFolders,
  id: string,
  job: Job,
): Promise<string> {
  const folder = join(jobs, id, "inputs");
  const entries = Object.entries(files);
  for (const [index, [name, reference]] of entries.entries()) {
    const kept = join(inputs, reference.sha256);
    const part = partOfJob(job, index / entries.length, (index + 1) / entries.length);
    const size = await stat(kept).then(
      (info) => info.size,
      () => undefined,
    );
    if (size !== reference.bytes) await fetchFile(store.inputs, reference, kept, part);
    const now = new Date();
    await utimes(kept, now, now);
    await makeFolder(dirname(join(folder, name)));
    await rm(join(folder, name), { force: true });
    await link(kept, join(folder, name));
    await part.pause();
  }
  await prune(inputs, new Set(Object.values(files).map(({ sha256 }) => sha256)));
  return folder;
}

async function prune(folder: string, needed: ReadonlySet<string>): Promise<void> {
  const kept = [];
  for (const name of await readdir(folder)) {
    const info = await stat(join(folder, name)).catch(() => undefined);
    if (info) kept.push({ name, bytes: info.size, time: info.mtimeMs });
  }
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of kept.sort((a, b) => a.time - b.time)) {
    if (total <= inputBudgetBytes) return;
    if (needed.has(name)) continue;
    await rm(join(folder, name), { force: true });
    total -= bytes;
  }
}

/** Removes all that is left of a job. */
export async function clearJob({ jobs, temporary }: WorkerFolders, id: string): Promise<void> {
  await rm(join(jobs, id), { recursive: true, force: true });
  for (const name of await readdir(temporary).catch(() => []))
    await rm(join(temporary, name), { recursive: true, force: true });
}
