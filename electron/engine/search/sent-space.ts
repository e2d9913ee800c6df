import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import { amount, milliseconds } from "../../../shared/model/bounds.ts";
import { checkSpace, type SearchSpace } from "../../../shared/space/search-space.ts";
import type { LazyFile, PackedFiles } from "../jobs/job-kind.ts";

const spaceFile = "space.json";
/** Columns of samples, one after the other: confidences of all candidates first, for the sake of alignment. */
const columnsFile = "columns.bin";

const maxSpaceBytes = 64e6;

const weightsSchema = z.object({ total: amount, effectiveSamples: amount });

const candidateSchema = z.object({
  position: z.number(),
  member: z.string().optional(),
  cutPoint: z.string(),
  head: z.string(),
  policy: z.string(),
  prefixMs: milliseconds,
  headMs: milliseconds,
  prefixMacs: amount,
  headMacs: amount,
  headBytes: amount,
});

/** What of a space are no columns of samples, and which of the columns there are that may be absent. */
const spaceSchema = z.object({
  samples: z
    .number()
    .int()
    .positive()
    .max(2 ** 31),
  weights: weightsSchema.optional(),
  candidates: z.array(candidateSchema).max(100_000),
  hasReference: z.boolean(),
  hasLeast: z.boolean(),
  backboneMs: milliseconds,
  referenceMs: milliseconds.optional(),
  backboneMacs: amount,
  backboneBytes: amount,
  peakActivationBytes: amount.optional(),
  maxExits: z.number().int().positive(),
  levels: z.number().int().positive(),
});

/** A space as files for workers: they are made and sent once, however many shares of its search there are. */
export function sentSpace(space: SearchSpace): PackedFiles {
  const { weights, candidates, backboneCorrect, referenceCorrect, leastCorrect, ...rest } = space;
  const description: z.infer<typeof spaceSchema> = {
    ...rest,
    weights: weights && { total: weights.total, effectiveSamples: weights.effectiveSamples },
    candidates: candidates.map(({ confidence: _, correct: __, ...candidate }) => candidate),
    hasReference: referenceCorrect !== undefined,
    hasLeast: leastCorrect !== undefined,
  };
  const columns = [
    ...candidates.map(({ confidence }) => confidence),
    ...(weights ? [weights.counts] : []),
    ...candidates.map(({ correct }) => correct),
    backboneCorrect,
    ...(referenceCorrect ? [referenceCorrect] : []),
    ...(leastCorrect ? [leastCorrect] : []),
  ];
  const lazy = (bytes: () => Uint8Array): LazyFile => ({ bytes: async () => bytes() });
  return {
    [spaceFile]: lazy(() => new TextEncoder().encode(JSON.stringify(description))),
    [columnsFile]: lazy(
      () =>
        new Uint8Array(
          Buffer.concat(
            columns.map(
              ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
            ),
          ),
        ),
    ),
  };
}

/** @throws AppError 'file-invalid', 'shape-mismatch' if the files contradict each other */
export async function openSentSpace(folder: string): Promise<SearchSpace> {
  const { size } = await stat(join(folder, spaceFile));
  if (size > maxSpaceBytes)
    throw new AppError("file-invalid", `the space takes ${size} bytes, expected at most ${maxSpaceBytes}`);
  const text = await readFile(join(folder, spaceFile), "utf8");
  const { hasReference, hasLeast, weights, candidates, ...rest } = spaceSchema.parse(JSON.parse(text));
  const { samples } = rest;
  const words = candidates.length + (weights ? 1 : 0);
  const bytesLeft = candidates.length + 1 + Number(hasReference) + Number(hasLeast);
  const expected = samples * (4 * words + bytesLeft);
  const { buffer, byteLength } = new Uint8Array(await readFile(join(folder, columnsFile)));
  if (byteLength !== expected)
    throw new AppError("file-invalid", `the space's columns take ${byteLength} bytes, expected ${expected}`);
  let at = 0;
  const next = <Column>(
    kind: new (from: ArrayBuffer, offset: number, length: number) => Column,
    bytes: number,
  ) => {
    const column = new kind(buffer, at, samples);
    at += bytes * samples;
    return column;
  };
  const confidences = candidates.map(() => next(Float32Array, 4));
  const counts = weights && next(Uint32Array, 4);
  const corrects = candidates.map(() => next(Uint8Array, 1));
  const space: SearchSpace = {
    ...rest,
    weights: weights && counts && { ...weights, counts },
    candidates: candidates.map((candidate, index) => ({
      ...candidate,
      confidence: confidences[index],
      correct: corrects[index],
    })),
    backboneCorrect: next(Uint8Array, 1),
    referenceCorrect: hasReference ? next(Uint8Array, 1) : undefined,
    leastCorrect: hasLeast ? next(Uint8Array, 1) : undefined,
  };
  checkSpace(space);
  return space;
}
