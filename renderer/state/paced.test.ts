import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Paced } from "./paced.ts";

const frameMs = 100;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, frameMs));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("hands on the latest of each key once the window has rested twice as long as the last one took to draw", async () => {
  const taken: string[] = [];
  const paced = new Paced<string>((value) => taken.push(value));
  paced.give("a", "a1");
  for (const value of ["a2", "b1", "a3"]) paced.give(value[0], value);
  expect(taken).toEqual(["a1"]);
  await vi.advanceTimersByTimeAsync(frameMs + 2 * frameMs - 10);
  expect(taken).toEqual(["a1"]);
  await vi.advanceTimersByTimeAsync(20);
  expect(taken).toEqual(["a1", "a3", "b1"]);
});

it("drops what waits, and hands on at once what comes when nothing is drawn", async () => {
  const taken: string[] = [];
  const paced = new Paced<string>((value) => taken.push(value));
  paced.give("a", "a1");
  paced.give("a", "a2");
  paced.drop();
  await vi.advanceTimersByTimeAsync(10 * frameMs);
  expect(taken).toEqual(["a1"]);
  paced.give("a", "a4");
  expect(taken).toEqual(["a1", "a4"]);
});
