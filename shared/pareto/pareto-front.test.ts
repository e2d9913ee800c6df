import { expect, test } from "vitest";
import { paretoFront } from "./pareto-front.ts";

const point = (name: string, accuracy: number, latencyMs: number) => ({ name, accuracy, latencyMs });

test("keeps what nobody beats, by rising latency", () => {
  const points = [
    point("slow and good", 0.9, 8),
    point("beaten by both", 0.7, 9),
    point("fast", 0.6, 1),
    point("as good, slower", 0.9, 9),
    point("as fast, worse", 0.5, 1),
    point("middle", 0.8, 4),
  ];
  expect(paretoFront(points).map(({ name }) => name)).toEqual(["fast", "middle", "slow and good"]);
});

test("of equal points the first stays", () => {
  const points = [point("first", 0.5, 1), point("second", 0.5, 1)];
  expect(paretoFront(points)).toEqual([points[0]]);
  expect(paretoFront([])).toEqual([]);
});
