import { expect, test, vi } from "vitest";
import type { DesignSpace } from "../../space/design-space.ts";
import { charted, exit, figures } from "../testing/test-plans.ts";
import { createFigureCache } from "./figure-cache.ts";

const way = (tensor?: string) => ({ space: {}, partition: tensor && { tensor } }) as DesignSpace;
const partitionSpaces = [way(), way("input")];
const plan = { exits: [exit("a")] };
const unknown = ["a", "b", "a"].map((id, index) =>
  charted(id, 0, 0, { id: `${id}${index}`, figures: null, exits: [exit(id)] }),
);

test("a plan is evaluated once per space, also if nothing came of it", () => {
  const evaluate = vi.fn(() => null);
  const cache = createFigureCache(evaluate);
  cache.figuresOf(partitionSpaces, plan);
  cache.figuresOf(partitionSpaces, plan);
  expect(evaluate).toHaveBeenCalledTimes(1);
  cache.figuresOf([way()], plan);
  expect(evaluate).toHaveBeenCalledTimes(2);
});

test("a plan is evaluated at its own partition, and has no figures where there is no such partition", () => {
  const latencies = new Map(partitionSpaces.map(({ space }, index) => [space, 2 - index]));
  const cache = createFigureCache((space) => figures(0.9, latencies.get(space)!));
  expect(cache.figuresOf(partitionSpaces, plan)?.latencyMs.mean).toBe(2);
  const partitioned = charted("b", 0, 0, { figures: null, exits: plan.exits, cut: "input" });
  expect(cache.withKnown(partitionSpaces, [partitioned])[0].figures).toBeNull();
  expect(cache.figuresOf(partitionSpaces, partitioned)?.latencyMs.mean).toBe(1);
  expect(cache.withKnown(partitionSpaces, [partitioned])[0].figures?.latencyMs.mean).toBe(1);
  expect(cache.figuresOf(partitionSpaces.slice(0, 1), partitioned)).toBeNull();
  expect(cache.withKnown(partitionSpaces.slice(0, 1), [partitioned])[0].figures).toBeNull();
});

test("a slice ends when its time is over and the next goes on from there", () => {
  const cache = createFigureCache(() => figures(0.9, 1));
  let now = 0;
  // Every look at the clock takes 4 ms, a slice lasts 6.
  const clock = () => {
    now += 4;
    return now - 4;
  };
  expect(cache.slice(partitionSpaces, unknown, 0, clock)).toBe(2);
  expect(cache.slice(partitionSpaces, unknown, 2, clock)).toBe(3);
  expect(cache.withKnown(partitionSpaces, unknown).map((plan) => plan.figures?.accuracy)).toEqual([
    0.9, 0.9, 0.9,
  ]);
});
