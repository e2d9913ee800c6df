import { expect, test } from "vitest";
import { differenceLines } from "./describe-difference.ts";

test("blocks that differ are listed side by side, and those that are the same counted", () => {
  const side = (index: number) => ({ index, label: `layer${index}` });
  const rows = [
    { state: "same", here: side(0), there: side(0), changes: [] },
    { state: "changed", here: side(1), there: side(1), changes: ["Conv group: 1 → 8", "2 more"] },
    { state: "only there", there: side(2), changes: [] },
    { state: "only here", here: side(3), changes: [] },
  ] as const;
  expect(
    differenceLines({ name: "other", rows: rows.map((row) => ({ ...row, changes: [...row.changes] })) }),
  ).toEqual([
    "",
    "blocks compared with other: 1 same, 1 changed, 1 only here, 1 only there",
    "here      there     block is    what differs",
    "1 layer1  1 layer1  changed     Conv group: 1 → 8; 2 more",
    "–         2 layer2  only there",
    "3 layer3  –         only here",
  ]);
});

test("of equal networks there is a line alone", () => {
  const same = {
    state: "same" as const,
    here: { index: 0, label: "a" },
    there: { index: 0, label: "a" },
    changes: [],
  };
  expect(differenceLines({ name: "other", rows: [same] })).toEqual([
    "",
    "blocks compared with other: 1 same",
  ]);
});
