import { expect, it } from "vitest";
import { exampleOrder, exampleSamples } from "./example-samples.ts";

const order = Int32Array.of(3, 1, 4, 0, 2, 5);
const routing = { exit: Uint8Array.of(1, 1, 0, 2, 1, 1), correct: Uint8Array.of(1, 0, 1, 1, 1, 1) };
const page = (number: number) => ({ page: number, size: 2 });

it("pages through the samples with one outcome in the given order", () => {
  expect(exampleSamples(order, routing, 1, "exits right", page(0))).toEqual({
    samples: [4, 0],
    total: 3,
  });
  expect(exampleSamples(order, routing, 1, "exits right", page(1))).toEqual({ samples: [5], total: 3 });
  expect(exampleSamples(order, routing, 1, "exits wrong", page(0))).toEqual({ samples: [1], total: 1 });
  expect(exampleSamples(order, routing, 1, "continues", page(0))).toEqual({ samples: [3], total: 1 });
});

it("has every sample once, the same each time", () => {
  expect([...exampleOrder(50)].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
  expect(exampleOrder(50)).toEqual(exampleOrder(50));
});
