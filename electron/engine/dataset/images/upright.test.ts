import { expect, it } from "vitest";
import { upright } from "./upright.ts";

/** 1 2 3 over 4 5 6. */
const image = { width: 3, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

it.each([
  [1, 3, [1, 2, 3, 4, 5, 6]],
  [2, 3, [3, 2, 1, 6, 5, 4]],
  [3, 3, [6, 5, 4, 3, 2, 1]],
  [4, 3, [4, 5, 6, 1, 2, 3]],
  [5, 2, [1, 4, 2, 5, 3, 6]],
  [6, 2, [4, 1, 5, 2, 6, 3]],
  [7, 2, [6, 3, 5, 2, 4, 1]],
  [8, 2, [3, 6, 2, 5, 1, 4]],
])("turns orientation %d as the camera saw it", (orientation, width, pixels) => {
  const turned = upright({ ...image, orientation });
  expect([turned.width, turned.height, [...turned.data]]).toEqual([width, 6 / width, pixels]);
});
