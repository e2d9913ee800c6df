import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { StageCache } from "../base/cache.ts";
import type { ProbeResult } from "../onnx/probe/model-probe.ts";
import { runtimeName } from "../onnx/runtime.ts";

const file = "observed.json";

const observedSchema = z.object({
  tensors: z.array(z.tuple([z.string(), z.object({ type: z.string(), dims: z.array(z.number()) })])),
  outputs: z.array(z.tuple([z.string(), z.array(z.array(z.number()))])),
  batchedOutputs: z.array(z.string()),
});

/**
 * What was observed when a model ran for the first time. A model that this runtime has run once on this machine need not
 * run for the first time again.
 * @param content hashes of all that the model is made of
 * @param cache without one, or where it can't be written, the model just runs
 * @throws AppError as `run` does; 'cancelled'
 */
export async function firstRun(
  content: unknown,
  run: () => Promise<ProbeResult>,
  job: Job,
  cache?: StageCache,
): Promise<ProbeResult> {
  const query = { stage: "first-run", key: { content, runtime: runtimeName }, read };
  const known = await cache?.find(query, job);
  if (known) return known.result;
  const observed = await run();
  const text = JSON.stringify({
    tensors: [...observed.tensors],
    outputs: [...observed.outputs],
    batchedOutputs: observed.batchedOutputs,
  });
  await cache?.replace({ ...query, produce: (folder) => writeFile(join(folder, file), text) }).catch(unkept);
  return observed;
}

async function read(folder: string): Promise<ProbeResult> {
  const { tensors, outputs, batchedOutputs } = observedSchema.parse(
    JSON.parse(await readFile(join(folder, file), "utf8")),
  );
  return {
    tensors: new Map(tensors),
    outputs: new Map(outputs),
    batchedOutputs,
    // Prepared graphs compute nothing from shapes but the batch.
    shapeValues: new Map(),
    pairDims: new Map(),
  };
}

/** A project opens where nothing can be kept, too. */
function unkept(error: unknown): void {
  if (!(error instanceof AppError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
}
