import { expect, test, vi } from "vitest";
import type { SearchSpace } from "../../shared/search/search-space.ts";
import { createFigureCache } from "./figure-cache.ts";
import { charted, exit, figures } from "./test-plans.ts";

const space = {} as SearchSpace;
const unknown = ["a", "b", "a"].map((id, index) =>
  charted(id, 0, 0, { id: `${id}${index}`, figures: null, exits: [exit(id)] }),
);

test("a plan is evaluated once per space, also if nothing came of it", () => {
  const evaluate = vi.fn(() => null);
  const cache = createFigureCache(evaluate);
  cache.figuresOf(space, [exit("a")]);
  cache.figuresOf(space, [exit("a")]);
  expect(evaluate).toHaveBeenCalledTimes(1);
  cache.figuresOf({} as SearchSpace, [exit("a")]);
  expect(evaluate).toHaveBeenCalledTimes(2);
});

test("a slice ends when its time is over and the next goes on from there", () => {
  const cache = createFigureCache(() => figures(0.9, 1));
  let now = 0;
  // Every look at the clock takes 4 ms, a slice lasts 6.
  const clock = () => {
    now += 4;
    return now - 4;
  };
  expect(cache.slice(space, unknown, 0, clock)).toBe(2);
  expect(cache.slice(space, unknown, 2, clock)).toBe(3);
  expect(cache.withKnown(space, unknown).map((plan) => plan.figures?.accuracy)).toEqual([0.9, 0.9, 0.9]);
});
