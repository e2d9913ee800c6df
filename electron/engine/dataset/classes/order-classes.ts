import { basename, dirname, extname, join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { listNames } from "../../../../shared/base/plain-name.ts";
import type { ClassOrder } from "../../../../shared/model/class-order.ts";
import { hashOf } from "../../base/hash.ts";
import { pathKind } from "../../base/paths.ts";
import type { MetadataClasses } from "../../onnx/import/metadata-classes.ts";
import { type DatasetSource, type OwnClasses, PART_NAMES, type PartName } from "../dataset-source.ts";
import { readClassNames } from "./class-names.ts";
import { numberedFromZero } from "./numbered-from-zero.ts";

/** The model's classes in the order of its scores, as a person gives them. */
export interface ClassChoice {
  readonly names: readonly string[];
  /** Where they come from, for people: a file's path. */
  readonly from: string;
}

/** What may give the order of a model's classes, besides the data set itself. */
export interface ClassSources {
  /** How many classes the model has. */
  readonly classes: number;
  readonly chosen?: ClassChoice;
  /** Those of a project that was made before. */
  readonly stored?: readonly string[];
  readonly metadata: readonly MetadataClasses[];
}

export interface OrderedClasses {
  /** The data set with the model's classes and labels that number them. */
  readonly source: DatasetSource;
  readonly classOrder: ClassOrder;
}

/**
 * Numbers a data set's classes as the model does. The first of these that exists decides: the person's list, the
 * project's, a file beside the data, names in the model's metadata if they are the data's, the data set's own order.
 * A list may name more classes than the data holds; classes are found in it by name, or as places in it where the data
 * only has numbers. Numbers that count from 1 up to the model's number of classes are moved to 0 first.
 * @param path the data set as the person named it
 * @throws AppError 'data-mismatch' if the list that counts has other classes than the data or another number than the
 *   model, 'data-invalid' if a file beside the data is no list of classes
 */
export async function orderClasses(
  opened: DatasetSource,
  path: string,
  sources: ClassSources,
): Promise<OrderedClasses> {
  const { classes, chosen, stored, metadata } = sources;
  const source = numberedFromZero(opened, classes);
  const beside = await readBeside([source.path, path], chosen !== undefined || stored !== undefined);
  if (chosen) {
    checkCount(chosen.names, chosen.from, classes);
    return {
      source: inChosenOrder(source, beside?.names, chosen.names, chosen.from),
      classOrder: { source: "--classes", detail: chosen.from },
    };
  }
  if (stored)
    return {
      source: inChosenOrder(source, beside?.names, stored, "the project's classes"),
      classOrder: plainOrder("stored"),
    };
  if (beside) {
    const inOrder = inOrderOf(source, beside.names, beside.file);
    checkCount(beside.names, beside.file, classes);
    return { source: knownByName(inOrder), classOrder: { source: "file", detail: basename(beside.file) } };
  }
  return byMetadata(source, metadata, classes) ?? withoutMetadata(source, metadata, classes);
}

/** The data's own order, with a word on names in the model's metadata that would have been another one. */
function withoutMetadata(
  source: DatasetSource,
  metadata: readonly MetadataClasses[],
  classes: number,
): OrderedClasses {
  const classOrder = ownOrder(source);
  const unused = metadata.find(({ names }) => names.length === classes);
  if (unused === undefined) return { source, classOrder };
  const note =
    `the model's metadata (${unused.key}) names its classes ${listNames(unused.names)}, but the data's are ` +
    `${listNames(source.classNames)}: they were not taken for each other`;
  return { source: { ...source, notes: [...source.notes, note] }, classOrder };
}

/** Reads a list of classes that a person gives. @throws AppError 'file-not-found', 'data-invalid' */
export async function readClassChoice(path: string): Promise<ClassChoice> {
  const names = await readClassNames(path);
  if (names) return { names, from: path };
  throw new AppError("file-not-found", `${path}: no such file; expected the model's class names, one a line`);
}

function plainOrder(source: ClassOrder["source"]): ClassOrder {
  return { source, detail: "" };
}

function ownOrder(source: DatasetSource): ClassOrder {
  return plainOrder(source.classesSortedBy ?? "labels");
}

/** Whether labels came as numbers that nobody has named. */
function areNumbers({ classesSortedBy, classNames }: DatasetSource): boolean {
  return classesSortedBy === undefined && classNames.every((name, label) => name === String(label));
}

const listFiles = ["classes.txt", "labels.txt", "class_to_idx.json"];

/** The first list of classes in the data's folder, or beside a data file: after its own name, or for the whole folder. */
async function readBeside(
  paths: readonly string[],
  isDecided: boolean,
): Promise<{ file: string; names: readonly string[] } | undefined> {
  for (const file of await placesBeside([...new Set(paths)])) {
    try {
      const names = await readClassNames(file, dirname(file));
      if (names) return { file, names };
    } catch (error) {
      // Another list counts, so this one may be of something else.
      if (!isDecided) throw withWayOut(error);
    }
  }
  return undefined;
}

async function placesBeside(paths: readonly string[]): Promise<string[]> {
  const places: string[] = [];
  for (const path of paths) {
    if ((await pathKind(path)) === "folder") places.push(...listFiles.map((name) => join(path, name)));
    else {
      const stem = basename(path, extname(path));
      places.push(...listFiles.map((name) => join(dirname(path), `${stem}.${name}`)));
      places.push(...listFiles.map((name) => join(dirname(path), name)));
    }
  }
  return places;
}

function withWayOut(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  return new AppError(error.code, `${error.message}; mend or remove it`, { missing: "classes" });
}

function checkCount(names: readonly string[], from: string, classes: number): void {
  if (names.length === classes) return;
  throw new AppError(
    "data-mismatch",
    `${from} lists ${names.length} classes, but the model has ${classes}: list all of them, in the order of its scores`,
    { missing: "classes" },
  );
}

/** Names in the model's metadata count if the data's folders are among them; for mere numbers they are names. */
function byMetadata(
  source: DatasetSource,
  metadata: readonly MetadataClasses[],
  classes: number,
): OrderedClasses | undefined {
  for (const { key, names } of metadata) {
    if (names.length !== classes) continue;
    const places = placesByName(source.classNames, names);
    if (places)
      return { source: remapped(source, names, places), classOrder: { source: "metadata", detail: key } };
    if (areNumbers(source) && source.classNames.length === classes)
      return {
        source: inOrderOf(source, names, key),
        classOrder: { source: "labels", detail: `the model's metadata (${key})` },
      };
  }
  return undefined;
}

/** By the names that a file beside the data gives to its numbers, if they are in the list too; else as they are. */
function inChosenOrder(
  source: DatasetSource,
  beside: readonly string[] | undefined,
  names: readonly string[],
  from: string,
): DatasetSource {
  const own = beside && areNumbers(source) ? placesByNumber(source.classNames, beside) : undefined;
  const ownNames = own?.map((place) => beside![place]);
  const places = ownNames && placesByName(ownNames, names);
  return places ? remapped(source, names, places, ownNames) : inOrderOf(source, names, from);
}

/** Of data whose numbers a file beside it names: by these names a list finds its classes too. */
function knownByName(source: DatasetSource): DatasetSource {
  return source.own ? { ...source, own: { ...source.own, names: source.classNames } } : source;
}

/** @throws AppError 'data-mismatch' naming the first class of the data that isn't in the list */
function inOrderOf(source: DatasetSource, names: readonly string[], from: string): DatasetSource {
  const places = placesByName(source.classNames, names) ?? placesByNumber(source.classNames, names);
  if (places) return remapped(source, names, places);
  if (areNumbers(source)) throw labelBeyond(source, names.length, from);
  const known = new Set(names);
  const unknown = source.classNames.filter((name) => !known.has(name));
  throw new AppError(
    "data-mismatch",
    `${source.path}: the class "${listNames(unknown.slice(0, 1))}" isn't in ${from}, which lists ${listNames(names)}: ` +
      "spell the classes in both alike",
    { missing: "classes" },
  );
}

function placesByName(own: readonly string[], names: readonly string[]): number[] | undefined {
  const places = new Map(names.map((name, place) => [name, place]));
  const found = own.flatMap((name) => places.get(name) ?? []);
  return found.length === own.length ? found : undefined;
}

function placesByNumber(own: readonly string[], names: readonly string[]): number[] | undefined {
  const fits = own.every((name) => /^(0|[1-9]\d{0,5})$/.test(name) && Number(name) < names.length);
  return fits ? own.map(Number) : undefined;
}

function labelBeyond(source: DatasetSource, classes: number, from: string): AppError {
  for (const part of PART_NAMES) {
    const labels = source.parts[part]?.labels ?? new Int32Array(0);
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong < 0) continue;
    return new AppError(
      "data-mismatch",
      `${source.locate(part, wrong)}: label is ${labels[wrong]}, but ${from} lists ${classes} classes (0 to ${classes - 1})`,
      { missing: "classes" },
    );
  }
  return new AppError("internal", `${source.path}: no label is beyond ${classes} classes`);
}

/**
 * @param places per class of the source, its number from now on
 * @param ownNames per class of the source, what a list may call it
 */
function remapped(
  source: DatasetSource,
  names: readonly string[],
  places: readonly number[],
  ownNames: readonly string[] = source.classNames,
): DatasetSource {
  const isSame =
    names.length === source.classNames.length &&
    names.every((name, label) => name === source.classNames[label]);
  if (isSame) return source;
  const parts: Partial<Record<PartName, { labels: Int32Array }>> = {};
  for (const name of PART_NAMES) {
    const part = source.parts[name];
    if (part) parts[name] = { labels: part.labels.map((label) => places[label]) };
  }
  return {
    ...source,
    classNames: names,
    own: ownClasses(names, places, ownNames),
    parts,
    fingerprint: async (job) => hashOf([await source.fingerprint(job), names, places]),
  };
}

function ownClasses(
  names: readonly string[],
  places: readonly number[],
  ownNames: readonly string[],
): OwnClasses {
  const own = { names: [...names], numbers: names.map(() => -1) };
  for (const [number, place] of places.entries()) {
    own.names[place] = ownNames[number];
    own.numbers[place] = number;
  }
  return own;
}
