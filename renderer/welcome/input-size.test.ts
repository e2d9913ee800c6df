import { expect, test } from "vitest";
import { readInputSize } from "./input-size.ts";

test("height and width are whole numbers of pixels", () => {
  expect(readInputSize("224", " 320 ")).toEqual([224, 320]);
  for (const [height, width] of [
    ["", "224"],
    ["224", "0"],
    ["2.5", "224"],
    ["224", "-1"],
    ["224", "20000"],
    ["1e3", "224"],
  ])
    expect(readInputSize(height, width), `${height} x ${width}`).toBeUndefined();
});
