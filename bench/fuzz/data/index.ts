import type { Random } from "../../../shared/base/random.ts";
import { between, pick } from "../drawing/draw.ts";
import { type Mutator, mutate } from "../mutator.ts";
import type { Tree } from "../tree.ts";
import type { DataSubject } from "./data-subject.ts";
import { arrayArchive, hostileHeader, otherArray } from "./mutators/arrays.ts";
import { damageFile, headerNumber, otherContent, swapFiles } from "./mutators/contents.ts";
import { hugeImage } from "./mutators/images.ts";
import { deepFolders, deleteFile, manyFiles, otherEnding, renameFile } from "./mutators/names.ts";
import { extraSpecialFile, specialFile } from "./mutators/special-files.ts";
import { hostileCell, manyColumns, manyLines, noLineBreak } from "./mutators/tables.ts";
import { seedData } from "./seed-data.ts";

/** Every way to damage a data set. */
export const dataMutators: readonly Mutator<DataSubject>[] = [
  specialFile,
  extraSpecialFile,
  renameFile,
  deleteFile,
  manyFiles,
  deepFolders,
  otherEnding,
  damageFile,
  headerNumber,
  headerNumber,
  swapFiles,
  otherContent,
  hostileCell,
  hostileCell,
  manyLines,
  manyColumns,
  noLineBreak,
  otherArray,
  hostileHeader,
  arrayArchive,
  hugeImage,
];

/** @returns a data set's folder, and ids of what was done to it */
export async function mutateData(random: Random): Promise<{ tree: Tree; mutations: readonly string[] }> {
  const subject = { tree: await pick(random, seedData)() };
  const mutations = mutate(subject, dataMutators, between(random, 1, 4), random);
  return { tree: subject.tree, mutations };
}
