import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { withOpenFiles } from "../../base/byte-range.ts";
import { filesIn, pathKind } from "../../base/paths.ts";
import { type ArrayImages, readArrayImages } from "../arrays/array-images.ts";
import { type ArrayPart, arraySource } from "../arrays/array-source.ts";
import { concatRows } from "../arrays/rows.ts";
import { byCodePoint } from "../classes/sort-names.ts";
import type { DatasetFormat } from "../dataset-source.ts";
import { arrayFiles, pairArrays } from "./npz.ts";

/**
 * One .npy array of images per class, named after it, as Quick, Draw! is published: `full_numpy_bitmap_cat.npy`. What all
 * names start with is no part of the classes' names. Classes are numbered by code point.
 * @see https://github.com/googlecreativelab/quickdraw-dataset
 */
export const npyClassesFormat: DatasetFormat = {
  id: "npy-classes",
  title: "One NumPy array per class",
  layout: "a folder of one .npy array of images per class (cat.npy, dog.npy)",
  detect: async (path) => {
    if ((await pathKind(path)) !== "folder") return false;
    const names = await filesIn(path, /\.np[yz]$/i);
    return classFiles(names).size > 1 && pairArrays(arrayFiles(names), path).size === 0;
  },
  open: (path, job) =>
    withOpenFiles(path, async (open) => {
      const byClass = classFiles(await filesIn(path, /\.np[yz]$/i));
      const classNames = [...byClass.keys()];
      const files: string[] = [];
      const arrays: ArrayImages[] = [];
      for (const file of byClass.values()) {
        files.push(join(path, file));
        arrays.push(await readArrayImages(await open.open(join(path, file))));
        await job.pause();
      }
      const notes = arrays[0].note === undefined ? [] : [arrays[0].note];
      const parts = { all: onePart(path, files, arrays) };
      const order = { classNames, classesSortedBy: "code points" } as const;
      return arraySource({ path, format: npyClassesFormat.id, ...order, parts, files, open, notes });
    }),
};

/** All arrays as one part, class by class. */
function onePart(path: string, files: readonly string[], arrays: readonly ArrayImages[]): ArrayPart {
  const different = arrays.findIndex(({ alike }) => alike !== arrays[0].alike);
  if (different > 0) {
    const [first, other] = [arrays[0], arrays[different]];
    throw invalid(
      files[different],
      `holds images of ${other.alike}, but ${files[0]} of ${first.alike}: save all alike`,
    );
  }
  const where = `${path} (${files.length} arrays)`;
  return {
    imagesAt: where,
    labelsAt: where,
    labels: labelsByArray(arrays.map(({ rows }) => rows.count)),
    rows: concatRows(arrays.map(({ rows }) => rows)),
    decode: arrays[0].decode,
  };
}

function labelsByArray(counts: readonly number[]): Int32Array {
  const labels = new Int32Array(counts.reduce((sum, count) => sum + count, 0));
  let start = 0;
  for (const [label, count] of counts.entries()) {
    labels.fill(label, start, start + count);
    start += count;
  }
  return labels;
}

/** Files by class name, in the order of the names' code points. */
function classFiles(names: readonly string[]): Map<string, string> {
  const arrays = names.filter((name) => name.toLowerCase().endsWith(".npy"));
  const stems = arrays.map((name) => name.slice(0, -".npy".length));
  const title = sharedTitle(stems);
  const found = stems.map((stem, index) => [stem.slice(title), arrays[index]] as const);
  return new Map(found.sort(([a], [b]) => byCodePoint(a, b)));
}

/** How many characters all stems start with, up to and with the last _ or - that they share. */
function sharedTitle(stems: readonly string[]): number {
  const [first = ""] = stems;
  let length = 0;
  while (length < first.length && stems.every((stem) => stem[length] === first[length])) length++;
  const start = first.slice(0, length);
  return Math.max(start.lastIndexOf("_"), start.lastIndexOf("-")) + 1;
}

function invalid(where: string, what: string): AppError {
  return new AppError("data-invalid", `${where}: ${what}`);
}
