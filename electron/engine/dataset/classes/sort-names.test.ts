import { expect, it } from "vitest";
import { byCodePoint, byNumber } from "./sort-names.ts";

it("sorts as Python does, and as people count", () => {
  const names = ["class10", "class9", "Zebra", "ant", "class9b", "\u{1F600}", "\uFF5E"];
  expect([...names].sort(byCodePoint)).toEqual([
    "Zebra",
    "ant",
    "class10",
    "class9",
    "class9b",
    "\uFF5E",
    "\u{1F600}",
  ]);
  expect([...names].sort(byNumber)).toEqual([
    "Zebra",
    "ant",
    "class9",
    "class9b",
    "class10",
    "\uFF5E",
    "\u{1F600}",
  ]);
  expect(["10", "2", "01", "1", "0"].sort(byNumber)).toEqual(["0", "01", "1", "2", "10"]);
  const long = "9".repeat(400);
  expect([`${long}8`, `${long}7`, long].sort(byNumber)).toEqual([long, `${long}7`, `${long}8`]);
});
