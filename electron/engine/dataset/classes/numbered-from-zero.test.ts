import { expect, test } from "vitest";
import type { DatasetSource } from "../dataset-source.ts";
import { numberedFromZero } from "./numbered-from-zero.ts";

function source(classNames: readonly string[], ...labels: readonly number[][]): DatasetSource {
  const [train, test] = labels.map((part) => ({ labels: Int32Array.from(part) }));
  return {
    path: "/data",
    format: "fake",
    classNames,
    parts: test ? { train, test } : { train },
    notes: ["first"],
    read: async () => [],
    locate: (_, index) => `[${index}]`,
    fingerprint: async () => "",
    close: async () => {},
  };
}

test("labels from 1 to the model's number of classes are moved to 0, and classes are numbered anew", () => {
  const moved = numberedFromZero(source(["0", "1", "2"], [1, 2], [2, 1, 1]), 2);
  expect(moved.parts.train?.labels).toEqual(Int32Array.of(0, 1));
  expect(moved.parts.test?.labels).toEqual(Int32Array.of(1, 0, 0));
  expect(moved.classNames).toEqual(["0", "1"]);
  expect(moved.notes).toEqual([
    "first",
    "labels run from 1 to 2 and none is 0: they are taken as classes 0 to 1",
  ]);
});

test.each([
  ["a part has a 0", source(["0", "1", "2"], [1, 2], [0, 1]), 2],
  ["the model has a class more", source(["0", "1", "2"], [1, 2]), 3],
  ["the model has a class less", source(["0", "1", "2"], [1, 2]), 1],
  ["the last class has no image", source(["0", "1", "2"], [1, 1]), 2],
])("and left as they are where %s", (_, given, classes) => {
  expect(numberedFromZero(given, classes)).toBe(given);
});
