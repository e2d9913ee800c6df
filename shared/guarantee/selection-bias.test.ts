import { describe, expect, it } from "vitest";
import { biasAt, fitSelectionBias, selectionBiasSchema } from "./selection-bias.ts";

describe("selection bias", () => {
  it("is a line between its steps and constant beyond them", () => {
    const bias = [
      { dropPp: 0, deviations: 2 },
      { dropPp: 1, deviations: 1 },
      { dropPp: 3, deviations: 0.5 },
    ];
    expect([-1, 0, 0.25, 1, 2, 9].map((dropPp) => biasAt(bias, dropPp))).toEqual([2, 2, 1.75, 1, 0.75, 0.5]);
  });

  it("is fitted by means of as many plans each, pooled where they rise, never below 0", () => {
    // Four groups of 8, their means 1.5, 0.4, 0.8 and -0.2: the two in the middle are pooled to 0.6.
    const plans = [1.5, 0.4, 0.8, -0.2].flatMap((mean, group) =>
      Array.from({ length: 8 }, (_, k) => ({
        dropPp: group + k / 8,
        deviations: mean + (k % 2 === 0 ? 0.3 : -0.3),
      })),
    );
    const useless = { dropPp: 5.1, deviations: -40 };
    const bias = fitSelectionBias([useless, ...plans.toReversed()]);
    expect(bias.map(({ deviations }) => Number(deviations.toFixed(9)))).toEqual([1.5, 0.6, 0]);
    expect(bias.map(({ dropPp }) => Number(dropPp.toFixed(9)))).toEqual([0.4375, 1.9375, 3.4375]);
    expect(selectionBiasSchema.parse(bias)).toEqual(bias);
  });

  it("of a few plans is their mean", () => {
    expect(
      fitSelectionBias([
        { dropPp: 1, deviations: 1 },
        { dropPp: 2, deviations: 2 },
      ]),
    ).toEqual([{ dropPp: 1.5, deviations: 1.5 }]);
  });
});
