import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DatasetSource, PartName } from "../dataset-source.ts";
import { checkClasses, makeSplits, SPLIT_NAMES, type Split, type Splits, splitNotes } from "./splits.ts";

/** A data set of labels only: per part, the number of images of each class. */
function sourceOf(counts: Partial<Record<PartName, readonly number[]>>, classes?: number): DatasetSource {
  const parts = Object.entries(counts).map(([name, perClass]) => {
    const labels = perClass.flatMap((count, label) => Array<number>(count).fill(label));
    return [name, { labels: Int32Array.from(labels) }] as const;
  });
  const max = classes ?? Math.max(...Object.values(counts).map((perClass) => perClass.length));
  return {
    path: "set",
    format: "test",
    classNames: Array.from({ length: max }, (_, label) => `class ${label}`),
    parts: Object.fromEntries(parts),
    read: () => Promise.reject(new Error("splits read no images")),
    locate: (part, index) => `${part}[${index}]`,
    notes: [],
    fingerprint: async () => "",
    close: async () => {},
  };
}

function sizes(splits: Splits): [string, number][] {
  return SPLIT_NAMES.map((name) => [splits[name].part, splits[name].indices.length]);
}

function perClass(split: Split): number[] {
  const counts: number[] = [];
  for (const label of split.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

describe("makeSplits", () => {
  it.each([
    [
      { all: [100, 100] },
      [
        ["all", 120],
        ["all", 40],
        ["all", 40],
      ],
    ],
    [
      { train: [100, 100] },
      [
        ["train", 120],
        ["train", 40],
        ["train", 40],
      ],
    ],
    [
      { test: [100, 100] },
      [
        ["test", 120],
        ["test", 40],
        ["test", 40],
      ],
    ],
    [
      { train: [100, 100], test: [20, 40] },
      [
        ["train", 200],
        ["test", 30],
        ["test", 30],
      ],
    ],
    [
      { train: [100, 100], val: [20, 20] },
      [
        ["train", 200],
        ["val", 20],
        ["val", 20],
      ],
    ],
    [
      { val: [100, 100], test: [20, 20] },
      [
        ["val", 160],
        ["val", 40],
        ["test", 40],
      ],
    ],
    [
      { train: [100, 100], val: [20, 20], test: [10, 10] },
      [
        ["train", 200],
        ["val", 40],
        ["test", 20],
      ],
    ],
  ])("divides %j", (counts, expected) => {
    expect(sizes(makeSplits(sourceOf(counts)))).toEqual(expected);
  });

  it.each(["test", "val"] as const)("divides held-out images in %s class by class, each once", (part) => {
    const source = sourceOf({ train: [50, 50, 50], [part]: [40, 21, 1] });
    const splits = makeSplits(source, { calibrationShare: 0.25 });
    // A quarter of a single image is none, but no class that is there may lack in calibration.
    expect(perClass(splits.calibration)).toEqual([10, 5, 1]);
    expect(perClass(splits.test)).toEqual([30, 16]);
  });

  it("takes calibration from the training images where that is asked for, and says what that means", () => {
    const source = sourceOf({ train: [100, 100], test: [10, 20] });
    const options = { calibrationFrom: "train" } as const;
    expect(sizes(makeSplits(source, options))).toEqual([
      ["train", 160],
      ["train", 40],
      ["test", 30],
    ]);
    expect(splitNotes(source, options)).toEqual([
      expect.stringMatching(/carved from the training images: .*--calibration-from held-out/),
    ]);
    expect(splitNotes(source, {})).toEqual([]);
    expect(splitNotes(sourceOf({ test: [50, 50] }), {})).toEqual([
      expect.stringMatching(/carved from one part/),
    ]);
    expect(splitNotes(sourceOf({ val: [50, 50], test: [50, 50] }), options)).toEqual([]);
  });

  it.each([
    [{ test: [100, 60] }, [0, 80, 80]],
    [{ val: [100, 60] }, [0, 80, 80]],
    [{ all: [100, 60] }, [0, 80, 80]],
    [{ val: [100, 100], test: [20, 20] }, [0, 200, 40]],
    // What can be learnt from stays what it is.
    [{ train: [100, 100], test: [20, 20] }, [200, 20, 20]],
    [{ train: [100, 100] }, [120, 40, 40]],
  ])("keeps nothing of %j back where nothing learns", (counts, expected) => {
    const source = sourceOf(counts);
    const splits = makeSplits(source, { nothingLearns: true });
    expect(SPLIT_NAMES.map((name) => splits[name].indices.length)).toEqual(expected);
    const notes = splitNotes(source, { nothingLearns: true });
    expect(notes).toEqual(
      "all" in counts || !("test" in counts || "val" in counts)
        ? [expect.stringMatching(/carved from one part/)]
        : [],
    );
  });

  it("gives disjoint splits that hold every class in proportion and every image once", () => {
    const counts = fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(counts, fc.nat(), (counts, seed) => {
        const splits = makeSplits(sourceOf({ all: counts }), {
          seed,
          calibrationShare: 0.3,
          testShare: 0.25,
        });
        const taken = SPLIT_NAMES.flatMap((name) => [...splits[name].indices]);
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect([...taken].sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, index) => index));
        expect(perClass(splits.calibration)).toEqual(counts.map((count) => Math.round(0.3 * count)));
        expect(perClass(splits.test)).toEqual(counts.map((count) => Math.round(0.25 * count)));
        const labels = sourceOf({ all: counts }).parts.all?.labels ?? [];
        for (const name of SPLIT_NAMES) {
          expect([...splits[name].labels]).toEqual([...splits[name].indices].map((index) => labels[index]));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("depends on the seed and on nothing else", () => {
    const source = sourceOf({ train: [50, 50], test: [50, 50] });
    expect(makeSplits(source, { seed: 7 })).toEqual(makeSplits(source, { seed: 7 }));
    const [one, other] = [makeSplits(source, { seed: 7 }), makeSplits(source, { seed: 8 })];
    for (const name of SPLIT_NAMES) expect(one[name].indices).not.toEqual(other[name].indices);
    const limited = makeSplits(source, { seed: 7, trainLimit: 20 });
    expect(limited.calibration).toEqual(one.calibration);
    expect(limited.test).toEqual(one.test);
    expect(one.train.indices).not.toEqual(Int32Array.from(one.train.indices).sort());
  });

  it("draws limited splits in proportion, to the image", () => {
    const source = sourceOf({ train: [300, 200, 100], val: [50, 50, 50], test: [70, 20, 10] });
    const splits = makeSplits(source, { trainLimit: 61, calibrationLimit: 1000, testLimit: 10 });
    expect(perClass(splits.train)).toEqual([31, 20, 10]);
    expect(perClass(splits.calibration)).toEqual([50, 50, 50]);
    expect(perClass(splits.test)).toEqual([7, 2, 1]);
    expect(new Set(splits.train.indices).size).toBe(61);
  });

  it.each([
    [
      "one class",
      sourceOf({ all: [100] }),
      {},
      /set: has images of one class \(class 0\), a classifier needs at least 2/,
    ],
    [
      "three images",
      sourceOf({ all: [2, 1] }),
      {},
      /has 3 images for the train split, at least 10 are needed/,
    ],
    [
      "a small test part",
      sourceOf({ train: [100, 100], test: [4, 5] }),
      {},
      /has 5 images for the calibration split.*; --calibration-from train leaves these to the test split$/,
    ],
    [
      "a rare class",
      sourceOf({ all: [100, 2, 100] }),
      {},
      /no image of class "class 1" in the calibration split \(40 images\)/,
    ],
    [
      "classes that only the test part holds",
      sourceOf({ train: [100, 100], test: [20, 20, 5, 5] }),
      {},
      /class "class 2" and 1 more classes in the train split/,
    ],
    [
      "images of one class of many",
      sourceOf({ all: [0, 100] }, 1000),
      {},
      /has images of one class \(class 1\), a classifier needs at least 2/,
    ],
    [
      "a low limit",
      sourceOf({ all: new Array(30).fill(20) }),
      { calibrationLimit: 12 },
      /and 17 more classes in the calibration split \(12 images\): .*--calibration-samples/,
    ],
  ])("refuses %s", (_, source, options, message) => {
    expect(() => makeSplits(source, options)).toThrow(
      expect.objectContaining({ code: "data-invalid", message: expect.stringMatching(message) }),
    );
  });

  it("copes with classes of the model that the data set holds no images of", () => {
    const splits = makeSplits(sourceOf({ all: [0, 100, 0, 50] }, 1000));
    expect(sizes(splits)).toEqual([
      ["all", 90],
      ["all", 30],
      ["all", 30],
    ]);
    for (const name of SPLIT_NAMES) expect(new Set(splits[name].labels)).toEqual(new Set([1, 3]));
  });

  it.each([
    [{ testShare: 1 }, /"testShare"/],
    [{ calibrationShare: 0.5, testShare: 0.5 }, /"testShare": .*leave nothing to train on/],
    [{ trainLimit: 0 }, /"trainLimit"/],
  ])("refuses the options %j", (options, message) => {
    expect(() => makeSplits(sourceOf({ all: [100, 100] }), options)).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringMatching(message) }),
    );
  });
});

describe("checkClasses", () => {
  it("agrees with a model of as many classes", () => {
    expect(() => checkClasses(sourceOf({ all: [1, 1, 1] }), 3)).not.toThrow();
  });

  it("names both numbers", () => {
    expect(() => checkClasses(sourceOf({ all: [1, 1, 1] }), 10)).toThrow(
      expect.objectContaining({
        code: "data-mismatch",
        message: expect.stringMatching(/^set: has 3 classes, but the model has 10$/),
      }),
    );
  });

  it("says which class one part lacks, as a misspelt folder makes", () => {
    expect(() => checkClasses(sourceOf({ train: [5, 5], test: [5, 0] }), 3)).toThrow(
      'has 2 classes, but the model has 3 (the class "class 1" is in train, but not in test)',
    );
  });

  it("names the first label that the model doesn't know", () => {
    expect(() => checkClasses(sourceOf({ train: [2, 2], val: [3, 0, 1] }), 2)).toThrow(
      "val[3]: label is 2, but the model has 2 classes (0 to 1), the data set 3",
    );
    expect(() => checkClasses(sourceOf({ all: [0, 1, 1] }), 2)).toThrow(
      /labels start at 1, number them from 0$/,
    );
  });
});
