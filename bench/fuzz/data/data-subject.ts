import type { Random } from "../../../shared/base/random.ts";
import { pick } from "../drawing/draw.ts";
import type { Tree } from "../tree.ts";

/** A data set's folder that is to be damaged. */
export interface DataSubject {
  tree: Tree;
}

export type NamedFile = readonly [name: string, bytes: Uint8Array];

export function filesIn({ tree }: DataSubject): NamedFile[] {
  return [...tree].flatMap(([name, entry]) => (entry.kind === "file" ? [[name, entry.bytes] as const] : []));
}

/** @returns undefined if there is none */
export function anyFile(subject: DataSubject, random: Random): NamedFile | undefined {
  const files = filesIn(subject);
  return files.length > 0 ? pick(random, files) : undefined;
}
