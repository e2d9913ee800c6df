import { expect, test } from "vitest";
import { rangeAfterKey } from "./brush-keys.ts";

const axis = [100, 200] as const;

test("arrows move an end by a fiftieth of the axis, page keys by a tenth, Home and End to its ends", () => {
  expect(rangeAfterKey("ArrowUp", "low", undefined, [...axis])).toEqual([102, 200]);
  expect(rangeAfterKey("ArrowDown", "high", [110, 150], [...axis])).toEqual([110, 148]);
  expect(rangeAfterKey("PageUp", "low", [110, 150], [...axis])).toEqual([120, 150]);
  expect(rangeAfterKey("Home", "low", [110, 150], [...axis])).toEqual([100, 150]);
  expect(rangeAfterKey("End", "high", [110, 150], [...axis])).toEqual([110, 200]);
});

test("ends stay on the axis and don't pass each other; the whole axis is no brush", () => {
  expect(rangeAfterKey("PageUp", "low", [148, 150], [...axis])).toEqual([150, 150]);
  expect(rangeAfterKey("Home", "high", [148, 150], [...axis])).toEqual([148, 148]);
  expect(rangeAfterKey("ArrowDown", "low", [101, 200], [...axis])).toBeNull();
  expect(rangeAfterKey("ArrowUp", "high", undefined, [...axis])).toBeNull();
  expect(rangeAfterKey("x", "low", undefined, [...axis])).toBeUndefined();
});
