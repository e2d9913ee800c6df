import { readFile } from "node:fs/promises";

/** Process ids of a process's children; none if it is gone. Linux only. */
export async function childrenOf(parent: number): Promise<number[]> {
  const list = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8").catch(() => "");
  return list.trim().split(" ").filter(Boolean).map(Number);
}
