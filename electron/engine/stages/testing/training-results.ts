import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { memoryRange, readBytes } from "../../base/byte-range.ts";
import { decodeNpy, type NpyArray } from "../../base/npy.ts";
import { encodeNpz, openNpz } from "../../base/npz.ts";

/** For tests: what an archive of arrays holds. */
export async function arraysOf(path: string): Promise<Record<string, NpyArray>> {
  const archive = await openNpz(memoryRange(path, await readFile(path)));
  const entries = archive.names.map(async (name) => {
    const range = await archive.member(name);
    const { shape, data } = await decodeNpy(await readBytes(range, 0, range.length), name);
    return [name, { shape, data }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** For tests: what training does to the weights of that name. */
export type Change = (values: Float32Array, name: string) => Float32Array;

/** For tests: writes what training would write into its folder: the same weights, changed. */
export async function writeResults(
  folder: string,
  change: Change,
  more: Record<string, NpyArray> = {},
): Promise<void> {
  const arrays = Object.entries(await arraysOf(join(folder, "weights.npz"))).map(
    ([name, { shape, data }]) => [
      name,
      { shape, data: data instanceof Float32Array ? change(data.slice(), name) : data },
    ],
  );
  await writeFile(join(folder, "tuned.npz"), encodeNpz({ ...Object.fromEntries(arrays), ...more }));
}

/** For tests: answers the same where there are no biases, but louder. */
export const doubled: Change = (values) => values.map((value) => 2 * value);
