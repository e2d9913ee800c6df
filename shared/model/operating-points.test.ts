import { expect, test } from "vitest";
import { atPoint, sharesExits } from "./operating-points.ts";
import type { PartitionedPlan } from "./plan.ts";

const exit = (cutPoint: string, threshold: number) => ({
  cutPoint,
  head: "linear",
  policy: "top1",
  threshold,
});
const plan: PartitionedPlan = { exits: [exit("a", 0.9), exit("b", 0.8)] };

test("plans share their exits if nothing but thresholds and the partition differ", () => {
  expect(sharesExits(plan, { exits: [exit("a", 0.5), exit("b", 0.99)] })).toBe(true);
  expect(sharesExits({ ...plan, cut: "a" }, plan)).toBe(true);
  for (const other of [
    { exits: [exit("a", 0.9)] },
    { exits: [...plan.exits, exit("c", 0.9)] },
    { exits: [exit("a", 0.9), exit("c", 0.8)] },
    { exits: [exit("a", 0.9), { ...exit("b", 0.8), policy: "margin" }] },
    { ...plan, chain: ["another"] },
  ])
    expect(sharesExits(plan, other)).toBe(false);
});

test("a plan at a point has the point's thresholds and all else of its own", () => {
  expect(atPoint({ ...plan, cut: "a" }, [0.1, 0.2])).toEqual({
    exits: [exit("a", 0.1), exit("b", 0.2)],
    cut: "a",
  });
});
