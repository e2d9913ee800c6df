import { expect, it } from "vitest";
import { startingBounds, steppedBounds } from "./window-state.ts";

const main = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };
const kept = (x: number, y: number, width = 1200, height = 800) => ({
  bounds: { x, y, width, height },
  isMaximized: false,
});

it("starts in the middle with its own size, smaller on a small display", () => {
  expect(startingBounds(undefined, [main])).toEqual({ width: 1440, height: 900 });
  expect(startingBounds(undefined, [second])).toEqual({ width: 1280, height: 900 });
});

it("stands where it stood", () => {
  expect(startingBounds(kept(2000, 50), [main, second])).toEqual({
    x: 2000,
    y: 50,
    width: 1200,
    height: 800,
  });
});

it("comes back to the middle if its display is gone or its title bar out of reach", () => {
  for (const state of [kept(2000, 50), kept(0, -200), kept(-1150, 0), kept(100, 1050), kept(1850, 0)])
    expect(startingBounds(state, [main])).toEqual({ width: 1440, height: 900 });
});

it("is no larger than the display it stands on", () => {
  expect(startingBounds(kept(0, 0, 3000, 2000), [main])).toEqual({ x: 0, y: 0, width: 1920, height: 1080 });
});

it("stands a step beside the window that is there, up to its display's edge", () => {
  expect(steppedBounds({ x: 100, y: 50, width: 1200, height: 800 }, [main])).toEqual({
    x: 132,
    y: 82,
    width: 1200,
    height: 800,
  });
  expect(steppedBounds({ x: 1920, y: 0, width: 1280, height: 1024 }, [main, second])).toEqual({
    x: 1952,
    y: 32,
    width: 1248,
    height: 992,
  });
});

it("stands in the display's corner if a step leaves too little", () => {
  const low = { x: 300, y: 380, width: 1440, height: 700 };
  expect(steppedBounds(low, [main])).toEqual({ x: 0, y: 0, width: 1440, height: 700 });
  const gone = { x: 5000, y: 100, width: 1200, height: 1400 };
  expect(steppedBounds(gone, [main])).toEqual({ x: 0, y: 0, width: 1200, height: 1080 });
});
