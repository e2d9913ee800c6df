import { expect, test } from "vitest";
import { calibratedExits, tableRow } from "./calibrated-exits.ts";

const places = [
  { tensor: "early", index: 0, macs: 10 },
  { tensor: "late", index: 1, macs: 70 },
];
const heads = [
  { cutPoint: "late", kind: "linear", macs: 3, bytes: 40 },
  { cutPoint: "early", kind: "linear", macs: 1, bytes: 20 },
  { cutPoint: "early", kind: "mlp", macs: 2, bytes: 30 },
];

test("heads keep their order, which is that of the tables' rows, and learn where they stand", () => {
  expect(calibratedExits(places, heads)).toEqual([
    { position: 1, cutPoint: "late", head: "linear", prefixMacs: 70, headMacs: 3, headBytes: 40 },
    { position: 0, cutPoint: "early", head: "linear", prefixMacs: 10, headMacs: 1, headBytes: 20 },
    { position: 0, cutPoint: "early", head: "mlp", prefixMacs: 10, headMacs: 2, headBytes: 30 },
  ]);
});

test("a head at no cut point is refused by name", () => {
  expect(() => calibratedExits(places.slice(0, 1), heads)).toThrow(
    "there is a head at 'late', but the network is known up to early only",
  );
  expect(() => calibratedExits([], heads)).toThrow("known up to no place only");
});

test("a plan's exit finds its row by place and kind", () => {
  expect(heads.map(({ cutPoint, kind: head }) => tableRow(heads, { cutPoint, head }))).toEqual([0, 1, 2]);
  expect(tableRow(heads, { cutPoint: "late", head: "mlp" })).toBe(-1);
});
