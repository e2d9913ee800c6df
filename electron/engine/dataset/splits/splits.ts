import type { z } from "zod";
import { AppError } from "../../../../shared/base/errors.ts";
import { type Random, seededRandom, shuffle } from "../../../../shared/base/random.ts";
import { type SplitOptions, splitOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { joined } from "../classes/labels.ts";
import { type DatasetSource, PART_NAMES, type PartName } from "../dataset-source.ts";

/** What the three splits are for: heads learn from the first, thresholds come from the second, reports from the third. */
export const SPLIT_NAMES = ["train", "calibration", "test"] as const;
export type SplitName = (typeof SPLIT_NAMES)[number];

export interface Split {
  readonly name: SplitName;
  /** The part of the data set that the images are in. */
  readonly part: PartName;
  /** Indices within the part, in seeded random order. */
  readonly indices: Int32Array;
  /** Class of each image, in the same order. */
  readonly labels: Int32Array;
}

export type Splits = Readonly<Record<SplitName, Split>>;

const FEWEST_IMAGES = 10;

/**
 * Divides a data set into three disjoint splits. A `test` part is the test split and, beside it, a `val` part is the
 * calibration split; `train` and `val` alone make `val` the test split, as with ImageNet. What is missing is carved from
 * the training images, class by class.
 * @throws AppError 'data-invalid' if there are images of fewer than 2 classes, fewer than 10 images in a split, or a class
 * that has images has none in the train or calibration split; 'usage' for options out of range
 */
export function makeSplits(source: DatasetSource, options: SplitOptions = {}): Splits {
  const settings = filledSplitOptions(options);
  const present = presentClasses(source);
  if (present.size < 2) {
    const only = [...present].map((label) => source.classNames[label]);
    throw invalid(source, `has images of one class (${only.join()}), a classifier needs at least 2`);
  }
  const roles = rolesOf(source);
  const pool = carve(source, roles, settings);
  const split = (name: SplitName, max: number | undefined, seed: number): Split => {
    const part = roles[name] ?? roles.train;
    const labels = labelsOf(source, part);
    const indices = name === "train" || roles[name] === undefined ? pool[name] : allIndices(labels);
    const random = seededRandom(settings.seed + seed);
    const drawn = shuffle(draw(indices, labels, source.classNames.length, max, random), random);
    return { name, part, indices: drawn, labels: drawn.map((index) => labels[index]) };
  };
  const splits: Splits = {
    train: split("train", settings.trainLimit, 1),
    calibration: split("calibration", settings.calibrationLimit, 2),
    test: split("test", settings.testLimit, 3),
  };
  for (const name of SPLIT_NAMES) checkSize(source, splits[name]);
  for (const name of ["train", "calibration"] as const) checkCovered(source, splits[name], present);
  return splits;
}

/**
 * Checks that the data set and the model mean the same classes.
 * @param classes number of scores that the model gives
 * @throws AppError 'data-mismatch' naming both numbers, or the first image whose label the model doesn't know
 */
export function checkClasses(source: DatasetSource, classes: number): void {
  for (const name of PART_NAMES) {
    const labels = source.parts[name]?.labels ?? new Int32Array(0);
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong < 0) continue;
    const hint = startsAtOne(source) ? "; labels start at 1, number them from 0" : "";
    throw new AppError(
      "data-mismatch",
      `${source.locate(name, wrong)}: label is ${labels[wrong]}, but the model has ${classes} classes (0 to ${classes - 1}), ` +
        `the data set ${source.classNames.length}${hint}`,
    );
  }
  if (source.classNames.length === classes) return;
  throw new AppError(
    "data-mismatch",
    `${source.path}: has ${countOf(source.classNames.length)}, but the model has ${classes}${classOfOnePart(source)}`,
    { missing: "classes" },
  );
}

function countOf(classes: number): string {
  return classes === 1 ? "one class" : `${classes} classes`;
}

/** Labels that at least one image has. */
export function presentClasses({ parts }: Pick<DatasetSource, "parts">): Set<number> {
  const present = new Set<number>();
  for (const { labels } of Object.values(parts)) for (const label of labels) present.add(label);
  return present;
}

/** A misspelt folder makes a class that the other parts don't have. */
function classOfOnePart({ parts, classNames }: DatasetSource): string {
  const held = PART_NAMES.flatMap((name) => {
    const labels = parts[name]?.labels;
    return labels ? [{ name, labels: new Set(labels) }] : [];
  });
  for (const [label, name] of classNames.entries()) {
    const [has, lacks] = [true, false].map((wanted) =>
      held.find(({ labels }) => labels.has(label) === wanted),
    );
    if (has && lacks) return ` (the class "${name}" is in ${has.name}, but not in ${lacks.name})`;
  }
  return "";
}

type Settings = z.output<typeof splitOptionsSchema>;

/**
 * Options with every default filled in, so that whoever leaves one out means the same as who states it.
 * @throws AppError 'usage' naming the option that doesn't fit
 */
export function filledSplitOptions(options: SplitOptions): Settings {
  const parsed = splitOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("usage", `split option "${issue.path.join(".")}": ${issue.message}`);
}

/** The part that each split is; absent where it must be carved from the training images. */
interface Roles {
  readonly train: PartName;
  readonly calibration?: PartName;
  readonly test?: PartName;
}

function rolesOf(source: DatasetSource): Roles {
  const has = (name: PartName) => source.parts[name] !== undefined;
  if (has("train")) {
    if (!has("test")) return { train: "train", test: has("val") ? "val" : undefined };
    return { train: "train", calibration: has("val") ? "val" : undefined, test: "test" };
  }
  if (has("val") && has("test")) return { train: "val", test: "test" };
  const only = PART_NAMES.find(has);
  if (only === undefined) throw invalid(source, "holds no images");
  return { train: only };
}

/** Divides the training part class by class into what the splits lack. */
function carve(source: DatasetSource, roles: Roles, settings: Settings): Record<SplitName, Int32Array> {
  const labels = labelsOf(source, roles.train);
  const random = seededRandom(settings.seed);
  const pool: Record<SplitName, Int32Array[]> = { train: [], calibration: [], test: [] };
  for (const members of byClass(allIndices(labels), labels, source.classNames.length)) {
    shuffle(members, random);
    const test = roles.test === undefined ? Math.round(settings.testShare * members.length) : 0;
    const calibration =
      roles.calibration === undefined ? Math.round(settings.calibrationShare * members.length) : 0;
    pool.test.push(members.subarray(0, test));
    pool.calibration.push(members.subarray(test, test + calibration));
    pool.train.push(members.subarray(test + calibration));
  }
  return { train: joined(pool.train), calibration: joined(pool.calibration), test: joined(pool.test) };
}

/** Draws at most `max` indices, each class in proportion to its size (largest remainder). */
function draw(
  indices: Int32Array,
  labels: Int32Array,
  classes: number,
  max: number | undefined,
  random: Random,
): Int32Array {
  const groups = byClass(indices, labels, classes);
  if (max === undefined || max >= indices.length) return joined(groups);
  const exact = groups.map((group) => (max * group.length) / indices.length);
  const counts = exact.map(Math.floor);
  const left = max - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = [...groups.keys()].sort(
    (a, b) => exact[b] - counts[b] - (exact[a] - counts[a]) || a - b,
  );
  for (const group of byRemainder.slice(0, left)) counts[group]++;
  return joined(groups.map((group, label) => shuffle(group, random).subarray(0, counts[label])));
}

/** The indices of each class, in their order. */
function byClass(indices: Int32Array, labels: Int32Array, classes: number): Int32Array[] {
  const counts = new Int32Array(classes);
  for (const index of indices) counts[labels[index]]++;
  const groups = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(classes);
  for (const index of indices) groups[labels[index]][filled[labels[index]]++] = index;
  return groups;
}

function checkSize(source: DatasetSource, split: Split): void {
  const found = split.indices.length;
  if (found >= FEWEST_IMAGES) return;
  throw invalid(
    source,
    `has ${found} images for the ${split.name} split, at least ${FEWEST_IMAGES} are needed: ` +
      addImages(split),
  );
}

function checkCovered(source: DatasetSource, split: Split, present: ReadonlySet<number>): void {
  const covered = new Set(split.labels);
  const lacking = source.classNames.filter((_, label) => present.has(label) && !covered.has(label));
  if (lacking.length === 0) return;
  const more = lacking.length > 1 ? ` and ${lacking.length - 1} more classes` : "";
  throw invalid(
    source,
    `has no image of class "${lacking[0]}"${more} in the ${split.name} split (${split.indices.length} images): ` +
      addImages(split),
  );
}

function addImages({ name }: Split): string {
  return `add images, or raise the limit on ${name} images (--${name}-samples) if there is one`;
}

function startsAtOne(source: DatasetSource): boolean {
  return Object.values(source.parts).every((part) => !part.labels.includes(0));
}

function labelsOf(source: DatasetSource, part: PartName): Int32Array {
  return source.parts[part]?.labels ?? new Int32Array(0);
}

function allIndices(labels: Int32Array): Int32Array {
  return labels.map((_, index) => index);
}

function invalid(source: DatasetSource, what: string): AppError {
  return new AppError("data-invalid", `${source.path}: ${what}`);
}
