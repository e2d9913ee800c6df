import { expect, test } from "vitest";
import { extendTrail } from "./live-trail.ts";

test("a trail grows during a gesture, without standing still, and is gone after it", () => {
  const one = extendTrail([], { x: 1, y: 0.9 }, true);
  expect(extendTrail(one, { x: 1, y: 0.9 }, true)).toEqual(one);
  const two = extendTrail(one, { x: 2, y: 0.9 }, true);
  expect(two).toEqual([
    { x: 1, y: 0.9 },
    { x: 2, y: 0.9 },
  ]);
  expect(extendTrail(two, { x: 3, y: 0.9 }, false)).toEqual([]);
});

test("an endless gesture keeps the last 80 places", () => {
  let trail: ReturnType<typeof extendTrail> = [];
  for (let x = 0; x < 200; x++) trail = extendTrail(trail, { x, y: 0 }, true);
  expect(trail.length).toBe(80);
  expect(trail[0].x).toBe(120);
});
