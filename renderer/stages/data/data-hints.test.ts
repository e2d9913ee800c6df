import { expect, test } from "vitest";
import { countPerClass, interleaveClasses, judgeAccuracy } from "./data-hints.ts";

test("chance is within three standard errors of guessing", () => {
  // 10 classes, 900 images: standard error 0.01, so up to 0.13.
  expect(judgeAccuracy(0.129, 900, 10)).toBe("chance");
  expect(judgeAccuracy(0.131, 900, 10)).toBe("doubtful");
  expect(judgeAccuracy(0.49, 900, 10)).toBe("doubtful");
  expect(judgeAccuracy(0.5, 900, 10)).toBe("sound");
});

test("two classes: half of them right is guessing", () => {
  expect(judgeAccuracy(0.52, 400, 2)).toBe("chance");
  expect(judgeAccuracy(0.9, 400, 2)).toBe("sound");
});

test("images per class are those of all parts", () => {
  const parts = [
    { name: "train", perClass: [5, 0, 2] },
    { name: "test", perClass: [1, 0] },
  ];
  expect(countPerClass({ classNames: ["a", "b", "c"], parts })).toEqual([6, 0, 2]);
});

test("samples of all classes take turns, each class in its own order", () => {
  const samples = ["a0", "a1", "a2", "c0", "b0", "b1"].map((name) => ({
    name,
    label: "abc".indexOf(name[0]),
  }));
  expect(interleaveClasses(samples).map(({ name }) => name)).toEqual(["a0", "b0", "c0", "a1", "b1", "a2"]);
});
