import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { failure } from "../../../../shared/ipc/outcome.ts";
import { systemFailure } from "../../../disk/system-failure.ts";
import { StageCache } from "../../base/cache.ts";
import { eventLoopTurns } from "../../base/event-loop.ts";
import { hashBytes } from "../../base/hash.ts";
import { limitThreads } from "../../base/threads.ts";
import { type JobResult, makeOnce, type Wire } from "../../jobs/job-kind.ts";
import { guardProbe } from "../../onnx/probe/guard-probe.ts";
import { startPython } from "../../onnx/python-runtime.ts";
import { measureBy } from "../../onnx/runtime.ts";
import { jobKindById } from "../kinds/index.ts";
import {
  filesFolder,
  type JobMessage,
  type JobRequest,
  valueFile,
  type WireMessage,
  type WrittenResult,
} from "./job-child-protocol.ts";

/**
 * Entry of the process in which a worker has a job done, or several of one kind and the same lasting files one after the other,
 * and that a model may kill. A thread of its own ends it when its time is
 * up, its memory too large, or the worker gone. Argument: the worker's pid.
 */

const guard = guardProbe(argv.slice(2).map(Number));

/** How often progress is told at most, ms. */
const tellMs = 250;

/** For all jobs that are done here. */
const once = makeOnce();

let hear: (bytes: Uint8Array) => void = () => {};

/** To whoever does the other side of the job; the worker passes it on. */
const wire: Wire = {
  send: (bytes) => say({ say: "wire", bytes }),
  listen: (listener) => {
    hear = listener;
  },
};

process.on("message", (message: JobRequest | WireMessage) => {
  if ("wire" in message) {
    hear(message.wire);
    return;
  }
  perform(message).then(
    (result) => say({ say: "done", result }),
    (cause) => say({ say: "failed", outcome: failure(systemFailure(cause) ?? cause, () => {}) }),
  );
});

function say(message: JobMessage): void {
  process.send?.(message);
}

async function perform(request: JobRequest): Promise<WrittenResult> {
  await guard.limit(request.limits);
  limitThreads(request.threads);
  const kind = jobKindById(request.kind);
  const options = kind?.options.safeParse(request.options);
  if (!kind || !options?.success)
    throw new AppError("fleet-unavailable", `this worker knows no job ${request.kind} with such options`);
  const { runtime, limits: guarded } = request;
  if (runtime !== undefined)
    await once("runtime", async () => measureBy(await startPython(runtime, guarded.memoryBytes)));
  const job = toldJob();
  const cache = new StageCache(request.cacheFolder);
  const limits = { memoryBytes: request.limits.memoryBytes };
  const subject = await kind.open(request.inputFolder, options.data, { job, cache, limits, once });
  const started = performance.now();
  const result = await kind.run(subject, options.data, { job, cache, wire, once });
  const seconds = (performance.now() - started) / 1000;
  return { seconds, ...(await writeResult(result, request.resultFolder)) };
}

/** A job whose progress the worker is told of; it is cancelled by ending this process. */
function toldJob(): Job {
  const turn = eventLoopTurns();
  let [toldAt, toldNote] = [Number.NEGATIVE_INFINITY, undefined as string | undefined];
  return {
    report: (done, total, note) => {
      const now = performance.now();
      if (now - toldAt < tellMs && note === toldNote) return;
      [toldAt, toldNote] = [now, note];
      say({ say: "progress", done: total > 0 ? Math.min(1, Math.max(0, done / total)) : 1, note });
    },
    warn: (text) => say({ say: "warning", text }),
    pause: turn,
  };
}

async function writeResult(
  { value, files }: JobResult<unknown>,
  folder: string,
): Promise<Omit<WrittenResult, "seconds">> {
  const write = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return { sha256: hashBytes(bytes), bytes: bytes.length };
  };
  const written: Record<string, WrittenResult["value"]> = {};
  for (const [name, bytes] of Object.entries(files))
    written[name] = await write(join(filesFolder, name), bytes);
  return { value: await write(valueFile, new TextEncoder().encode(JSON.stringify(value))), files: written };
}
