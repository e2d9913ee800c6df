import { expect, test } from "vitest";
import { legibility } from "./legibility.ts";

test("text keeps 9 px on the screen, and goes where there is no room for that", () => {
  expect(legibility(1)).toEqual({ labels: "all", leastPx: 9 });
  expect(legibility(0.75)).toEqual({ labels: "all", leastPx: 12 });
  expect(legibility(0.6)).toEqual({ labels: "names", leastPx: 15 });
  expect(legibility(0.45)).toEqual({ labels: "names", leastPx: 20 });
  expect(legibility(0.4).labels).toBe("none");
  expect(legibility(3)).toEqual({ labels: "all", leastPx: 3 });
});
