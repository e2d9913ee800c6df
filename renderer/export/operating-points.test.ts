import { expect, test } from "vitest";
import { chosenPoints, offeredPoints } from "./operating-points.ts";

const exits = (...thresholds: number[]) =>
  thresholds.map((threshold, at) => ({ cutPoint: `cut ${at}`, head: "linear", policy: "top1", threshold }));
const live = { exits: exits(0.9, 0.8) };

test("pinned plans are points where they differ from the live one in thresholds alone, and have a name of their own", () => {
  const long = "a".repeat(61);
  const offered = offeredPoints(live, [
    { name: "fast", exits: exits(0.5, 0.5) },
    { name: "as live", exits: exits(0.9, 0.8) },
    { name: "shorter", exits: exits(0.9) },
    { name: "fast", exits: exits(0.6, 0.6) },
    { name: long, exits: exits(0.7, 0.7), cut: "cut 1" },
  ]);
  expect(offered.map(({ obstacle }) => obstacle?.slice(0, 14))).toEqual([
    undefined,
    "Is the live pl",
    "Has other exit",
    "Another pinned",
    "Its name has m",
  ]);
  expect(chosenPoints(offered, ["fast", "shorter", "gone"]).map(({ exits }) => exits[0].threshold)).toEqual([
    0.5,
  ]);
});

test("a plan without exits has none", () => {
  expect(offeredPoints({ exits: [] }, [{ name: "backbone", exits: [] }])).toEqual([]);
});
