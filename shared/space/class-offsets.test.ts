import { expect, test } from "vitest";
import { classOffsetsOf } from "./class-offsets.ts";

test("an exit's offsets are its head's row of its policy's table", () => {
  const heads = ["a", "b"].map((cutPoint) => ({ cutPoint, kind: "linear" }));
  const tables = new Map([
    ["top1", { exits: 2 }],
    ["top1-per-class", { exits: 2, classOffsets: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ]);
  const offsets = (cutPoint: string, policy: string) => {
    const found = classOffsetsOf(heads, tables, { cutPoint, head: "linear", policy });
    return found && [...found];
  };
  expect(offsets("b", "top1-per-class")).toEqual([4, 5, 6]);
  expect(offsets("b", "top1")).toBeUndefined();
  expect(offsets("c", "top1-per-class")).toBeUndefined();
  expect(offsets("b", "margin-per-class")).toBeUndefined();
});
