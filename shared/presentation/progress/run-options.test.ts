import { expect, test } from "vitest";
import type { RunOptions } from "../../files/training-run.ts";
import { trainOptionsSchema } from "../../model/stage-options.ts";
import { differingOptions } from "./run-options.ts";

function run(change: Partial<RunOptions> = {}) {
  const options: RunOptions = {
    heads: [{ kind: "gap-linear", options: {} }],
    training: trainOptionsSchema.parse({}),
    splits: { trainLimit: 100 },
    ...change,
  };
  return { options };
}

test("says of runs what differs, each in its own words, and of seeds nothing", () => {
  const wide = { kind: "mixed-hidden", options: { hidden: 64 } };
  const shown = differingOptions([
    run(),
    run({ heads: [wide], training: trainOptionsSchema.parse({ seed: 5, learningRate: 0.5, flip: false }) }),
    run({ splits: { trainLimit: 50 } }),
  ]).map((options) => options.map(({ label, value }) => `${label}: ${value}`));
  expect(shown).toEqual([
    ["Heads: gap-linear", "Learning rate: 0.002", "Flip: on", "Data: train limit: 100"],
    [
      "Heads: mixed-hidden",
      "Learning rate: 0.5",
      "Flip: off",
      "Data: train limit: 100",
      "mixed-hidden hidden: 64",
    ],
    ["Heads: gap-linear", "Learning rate: 0.002", "Flip: on", "Data: train limit: 50"],
  ]);
});

test("a run alone differs in nothing", () => {
  expect(differingOptions([run()])).toEqual([[]]);
  expect(differingOptions([run(), run({ training: trainOptionsSchema.parse({ seed: 9 }) })])).toEqual([
    [],
    [],
  ]);
});
