import { expect, it } from "vitest";
import { classShares, sortClassShares } from "./class-shares.ts";

const classes = Int32Array.of(0, 0, 0, 1, 1, 2, 7);
const routing = { exit: Uint8Array.of(0, 1, 0, 0, 0, 1, 0), correct: Uint8Array.of(1, 1, 0, 1, 1, 0, 1) };
const shares = classShares(classes, routing, 0, 4);

it("counts by class who leaves here and who of them is right", () => {
  expect(shares).toEqual([
    { index: 0, samples: 3, leaves: 2, right: 1 },
    { index: 1, samples: 2, leaves: 2, right: 2 },
    { index: 2, samples: 1, leaves: 0, right: 0 },
    { index: 3, samples: 0, leaves: 0, right: 0 },
  ]);
});

it("sorts by what is asked for, classes without it last", () => {
  const orderOf = (order: Parameters<typeof sortClassShares>[1]) =>
    sortClassShares(shares, order).map(({ index }) => index);
  expect(orderOf("most leave")).toEqual([1, 0, 2, 3]);
  expect(orderOf("least accurate")).toEqual([0, 1, 2, 3]);
  expect(orderOf("class order")).toEqual([0, 1, 2, 3]);
});
