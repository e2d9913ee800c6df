import { AppError, type ErrorCode } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { frontFileSchema, frontOfVersionOneSchema } from "../../../shared/files/front-file.ts";
import { type OtherFront, otherFrontOf } from "../../../shared/files/other-front.ts";
import { unreadReason } from "../../../shared/files/unread-file.ts";
import { openRegularFile, readRegularFile } from "../../disk/regular-file.ts";
import { jsonExcess } from "../base/bounded-json.ts";
import { isProjectFile } from "./is-project-file.ts";
import { checkSeal, jsonOf, readEntries } from "./project-entries.ts";

/** Of `front.json`, as of one in a project. */
const limits = { bytes: 16e6, values: 1e6, depth: 64 };

const anyFrontSchema = frontFileSchema.or(frontOfVersionOneSchema);

/**
 * Reads the front of another project, out of a `.offramp` file or a `front.json`, for comparison. Its figures are what the
 * file says: its models aren't run, and nothing is evaluated by it.
 * @param name as the file is called
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid' if it is neither, is damaged, or holds no front
 */
export async function readOtherFront(path: string, name: string, job: Job): Promise<OtherFront> {
  const { handle, changedMs } = await openRegularFile(path);
  await handle.close();
  const content = (await isProjectFile(path)) ? await frontInProject(path, job) : await frontInJson(path);
  const { success, data } = anyFrontSchema.safeParse(content);
  if (!success) throw new AppError("file-invalid", `${path} ${unreadReason("front", 2, content)}`);
  const front = otherFrontOf(data, { name, savedAt: new Date(changedMs).toISOString() });
  const { latencyMs, energyMillijoules = 0 } = front.backbone;
  if (front.plans.length > 0 && (front.measure === "energy" ? energyMillijoules : latencyMs) > 0)
    return front;
  throw new AppError("file-invalid", `${path} holds no plan to show: search in that project first`);
}

async function frontInJson(path: string): Promise<unknown> {
  const bytes = await readRegularFile(path, { maxBytes: limits.bytes });
  const excess = jsonExcess(bytes, limits);
  if (excess) throw new AppError("file-invalid", `${path} holds ${excess}, so it is no Offramp front`);
  try {
    return JSON.parse(String(bytes));
  } catch {
    return undefined;
  }
}

/** What is no fault of the file. */
const passing: readonly ErrorCode[] = ["file-not-found", "file-unreadable", "cancelled"];

async function frontInProject(path: string, job: Job): Promise<unknown> {
  let front: unknown;
  try {
    const entries = await readEntries(path, job);
    checkSeal(entries);
    front = jsonOf(entries, "front.json");
  } catch (cause) {
    if (cause instanceof AppError && passing.includes(cause.code)) throw cause;
    const reason = cause instanceof AppError ? cause.message : "it is damaged";
    throw new AppError("file-invalid", `${path}: ${reason}`, { missing: "project" }, { cause });
  }
  if (front !== undefined) return front;
  throw new AppError("file-invalid", `${path} holds no front yet: search in that project and save it first`);
}
