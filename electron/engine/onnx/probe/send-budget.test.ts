import { expect, it } from "vitest";
import { withinBudget } from "./send-budget.ts";

it("keeps the smallest items that fit together, in their order", () => {
  const items = [50, 3, 40, 7, 5].map((numbers) => ({ numbers }));
  const kept = (budget: number) => withinBudget(items, budget).map(({ numbers }) => numbers);
  expect(kept(105)).toEqual([50, 3, 40, 7, 5]);
  expect(kept(104)).toEqual([3, 40, 7, 5]);
  expect(kept(55)).toEqual([3, 40, 7, 5]);
  expect(kept(54)).toEqual([3, 7, 5]);
  expect(kept(2)).toEqual([]);
});
