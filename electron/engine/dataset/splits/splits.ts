import type { z } from "zod";
import { AppError } from "../../../../shared/base/errors.ts";
import { type Random, seededRandom, shuffle } from "../../../../shared/base/random.ts";
import {
  carvedShare,
  heldOutShare,
  type SplitOptions,
  splitOptionsSchema,
} from "../../../../shared/model/stage-options.ts";
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
 * Divides a data set into three disjoint splits. Heads learn from `train`; beside it `val` is the calibration split and
 * `test` the test split. Where only one of the two lies beside `train`, it is held out, images that the backbone wasn't
 * trained on, and calibration takes a share of it, so that thresholds are chosen on such images: those of `train` flatter
 * the backbone. `calibrationFrom: "train"` has calibration carved from the training images all the same. A single part
 * is carved in three. All of it class by class. Where nothing learns and there is no `train`, the train split is empty, and
 * the others share all there is.
 * @throws AppError 'data-invalid' if there are images of fewer than 2 classes, fewer than 10 images in a split, or a class
 * has images, but none in the train split, or none for calibration where it comes from; 'usage' for options out of range
 */
export function makeSplits(source: DatasetSource, options: SplitOptions = {}): Splits {
  const settings = filledSplitOptions(options);
  const present = presentClasses(source);
  if (present.size < 2) {
    const only = [...present].map((label) => source.classNames[label]);
    throw invalid(source, `has images of one class (${only.join()}), a classifier needs at least 2`);
  }
  const roles = rolesOf(source, settings);
  const pool = divide(source, roles, settings);
  const split = (name: SplitName, max: number | undefined, seed: number): Split => {
    const part = roles[name] ?? roles.calibration;
    const labels = labelsOf(source, part);
    const random = seededRandom(settings.seed + seed);
    const drawn = shuffle(draw(pool[name], labels, source.classNames.length, max, random), random);
    return { name, part, indices: drawn, labels: drawn.map((index) => labels[index]) };
  };
  const splits: Splits = {
    train: split("train", settings.trainLimit, 1),
    calibration: split("calibration", settings.calibrationLimit, 2),
    test: split("test", settings.testLimit, 3),
  };
  for (const name of SPLIT_NAMES) if (roles[name]) checkSize(source, splits[name], roles);
  if (roles.train) checkCovered(source, splits.train, present, roles);
  const wanted = isHeldOut(roles) ? new Set(labelsOf(source, roles.calibration)) : present;
  checkCovered(source, splits.calibration, wanted, roles);
  return splits;
}

/** What a person should know of how a data set is divided: where the backbone may have seen what thresholds are chosen on. */
export function splitNotes(source: DatasetSource, options: SplitOptions): string[] {
  const { train, calibration, test } = rolesOf(source, filledSplitOptions(options));
  if (train === test || (train === undefined && test === "all"))
    return [
      "all splits were carved from one part: if the backbone was trained on it, calibration and test images flatter " +
        "it; put images that it hasn't seen into a part of their own (test/ beside train/)",
    ];
  if (calibration === "train")
    return [
      "the calibration split was carved from the training images: if the backbone was trained on them, thresholds chosen there " +
        "promise more than they keep; --calibration-from held-out takes other images",
    ];
  return [];
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

/** The part that each split comes from; those of one part share it. No train split is made if it has none. */
interface Roles {
  readonly train?: PartName;
  readonly calibration: PartName;
  readonly test: PartName;
}

/** Whether calibration and test divide images that heads don't learn from. */
function isHeldOut({ train, calibration, test }: Roles): boolean {
  return calibration === test && calibration !== train;
}

function rolesOf(source: DatasetSource, settings: Settings): Roles {
  const { train, ...others } = rolesWithTrain(source, settings);
  if (settings.nothingLearns && train !== "train")
    return source.parts.val && source.parts.test ? { calibration: "val", test: "test" } : others;
  return { train, ...others };
}

function rolesWithTrain({ path, parts }: DatasetSource, { calibrationFrom }: Settings): Roles {
  const has = (name: PartName) => parts[name] !== undefined;
  if (has("train") && has("val") && has("test")) return { train: "train", calibration: "val", test: "test" };
  // Heads learn from a part of what was held out; another part of it is as good for thresholds.
  if (has("val") && has("test")) return { train: "val", calibration: "val", test: "test" };
  const heldOut = has("test") ? "test" : "val";
  if (has("train") && has(heldOut))
    return { train: "train", calibration: calibrationFrom === "train" ? "train" : heldOut, test: heldOut };
  const only = PART_NAMES.find(has);
  if (only === undefined) throw invalid({ path }, "holds no images");
  return { train: only, calibration: only, test: only };
}

/** Divides each part class by class among the splits that come from it. */
function divide(source: DatasetSource, roles: Roles, settings: Settings): Record<SplitName, Int32Array> {
  const pool: Record<SplitName, Int32Array[]> = { train: [], calibration: [], test: [] };
  for (const part of new Set(Object.values(roles))) {
    const labels = labelsOf(source, part);
    const [rest, ...others] = SPLIT_NAMES.filter((name) => roles[name] === part).sort(byPrecedence);
    // What heads learn from is shuffled even where nobody else takes of it: an order that old projects have.
    const random = others.length > 0 || rest === "train" ? seededRandom(settings.seed) : undefined;
    for (const members of byClass(allIndices(labels), labels, source.classNames.length)) {
      if (random) shuffle(members, random);
      let taken = 0;
      for (const name of others) {
        const count = countOfShare(name, rest, settings, members.length);
        pool[name].push(members.subarray(taken, taken + count));
        taken += count;
      }
      pool[rest].push(members.subarray(taken));
    }
  }
  return { train: joined(pool.train), calibration: joined(pool.calibration), test: joined(pool.test) };
}

/** Who takes what the others leave of a part comes first, then the others in the order in which they take. */
const precedence = ["train", "test", "calibration"];

function byPrecedence(one: SplitName, other: SplitName): number {
  return precedence.indexOf(one) - precedence.indexOf(other);
}

/** @param rest the split that takes what the others leave */
function countOfShare(name: SplitName, rest: SplitName, settings: Settings, images: number): number {
  if (name === "test") return Math.round(settings.testShare * images);
  if (rest === "train") return Math.round((settings.calibrationShare ?? carvedShare) * images);
  // Thresholds need every class more than the report does.
  return Math.min(images, Math.max(1, Math.round((settings.calibrationShare ?? heldOutShare) * images)));
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

function checkSize(source: DatasetSource, split: Split, roles: Roles): void {
  const found = split.indices.length;
  if (found >= FEWEST_IMAGES) return;
  throw invalid(
    source,
    `has ${found} images for the ${split.name} split, at least ${FEWEST_IMAGES} are needed: ` +
      addImages(split, roles),
  );
}

function checkCovered(source: DatasetSource, split: Split, present: ReadonlySet<number>, roles: Roles): void {
  const covered = new Set(split.labels);
  const lacking = source.classNames.filter((_, label) => present.has(label) && !covered.has(label));
  if (lacking.length === 0) return;
  const more = lacking.length > 1 ? ` and ${lacking.length - 1} more classes` : "";
  throw invalid(
    source,
    `has no image of class "${lacking[0]}"${more} in the ${split.name} split (${split.indices.length} images): ` +
      addImages(split, roles),
  );
}

function addImages({ name }: Split, roles: Roles): string {
  const advice = `add images, or raise the limit on ${name} images (--${name}-samples) if there is one`;
  return roles.train && name !== "train" && isHeldOut(roles)
    ? `${advice}; --calibration-from train leaves these to the test split`
    : advice;
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

function invalid({ path }: Pick<DatasetSource, "path">, what: string): AppError {
  return new AppError("data-invalid", `${path}: ${what}`);
}
