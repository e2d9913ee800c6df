import { expect, it } from "vitest";
import { seededRandom } from "../../shared/base/random.ts";
import { type Box, overlap, placeBeside } from "./place-beside.ts";

const room: Box = { left: 8, top: 8, width: 984, height: 684 };
const tip = { width: 200, height: 100 };
const box = (left: number, top: number, width = 20, height = 20): Box => ({ left, top, width, height });

it("stands above, in the middle of what it speaks of", () => {
  expect(placeBeside(box(500, 400), tip, room)).toEqual({ left: 410, top: 292 });
});

it("goes below where there is no room above, and beside what hangs there", () => {
  expect(placeBeside(box(500, 20), tip, room)).toEqual({ left: 410, top: 48 });
  const branch = box(470, 44, 80, 40);
  expect(placeBeside(box(500, 20), tip, room, [branch])).toEqual({ left: 528, top: 8 });
});

it("is moved along the room's edge", () => {
  expect(placeBeside(box(10, 400), tip, room)).toEqual({ left: 8, top: 292 });
  expect(placeBeside(box(980, 400), tip, room, [], ["below"])).toEqual({ left: 792, top: 428 });
});

it("never leaves the room nor covers what it speaks of, wherever that is", () => {
  const random = seededRandom(3);
  for (let run = 0; run < 500; run++) {
    const anchor = box(8 + random() * 960, 8 + random() * 660, 4 + random() * 20, 4 + random() * 20);
    const { left, top } = placeBeside(anchor, tip, room);
    expect(left).toBeGreaterThanOrEqual(8);
    expect(top).toBeGreaterThanOrEqual(8);
    expect(left + tip.width).toBeLessThanOrEqual(992);
    expect(top + tip.height).toBeLessThanOrEqual(692);
    expect(overlap({ left, top, ...tip }, anchor)).toBe(0);
  }
});
