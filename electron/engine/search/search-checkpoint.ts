import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import { designSearchStateSchema } from "../../../shared/search/designs/design-search-state.ts";
import { hashOf } from "../base/hash.ts";
import type { SearchInputs } from "./search-inputs.ts";

export const checkpointFile = "checkpoint.json";

const checkpointSchema = designSearchStateSchema.extend({ seconds: z.number().nonnegative() });

/** Where the chosen algorithm stood when a search was left, and how long it had searched. */
export type SearchCheckpoint = Readonly<z.infer<typeof checkpointSchema>>;

/** Where the checkpoint of a search is kept: what comes beside it and after it has no part in that. */
export function checkpointPlace(inputs: SearchInputs, options: SearchOptions) {
  return {
    stage: "search-checkpoint",
    key: searchKey(inputs, { ...options, compare: false, refine: undefined }),
    read: async (folder: string) =>
      checkpointSchema.parse(JSON.parse(await readFile(join(folder, checkpointFile), "utf8"))),
  };
}

/**
 * Hash of all that a search finds in the end, however often it is stopped and however many threads share it: time limit
 * and threads have no part in it.
 */
export function searchKey(inputs: SearchInputs, { timeLimit, threads, ...options }: SearchOptions): string {
  return hashOf({ inputs: inputsHash(inputs), options });
}

/** By inputs: their tables are megabytes, and a search asks for several keys. */
const inputsHashes = new WeakMap<SearchInputs, string>();

function inputsHash(inputs: SearchInputs): string {
  const known = inputsHashes.get(inputs);
  if (known !== undefined) return known;
  const { tables, members = [], ...rest } = inputs;
  const bytes = (array: Float32Array | Uint8Array | Int32Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
  const ofTables = (own: SearchInputs["tables"]) =>
    [...own].map(([policy, { confidence, correct, labels }]) => [
      policy,
      bytes(confidence),
      bytes(correct),
      labels && bytes(labels),
    ]);
  const further = members.map(({ tables: own, ...member }) => ({ member, own: ofTables(own) }));
  const hash = hashOf({ rest, own: ofTables(tables), ...(further.length > 0 && { further }) });
  inputsHashes.set(inputs, hash);
  return hash;
}
