import { expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import type { SearchSpace } from "./search-space.ts";
import { splitSpaces, takeSamples } from "./split-space.ts";
import { syntheticSpace } from "./testing/synthetic-space.ts";

/** The two parts of one space. */
function splitSpace(space: SearchSpace, seed: number) {
  const { design, control } = splitSpaces([{ space }], seededRandom(seed));
  return { design: design[0].space, control: control[0].space };
}

const space = syntheticSpace(seededRandom(3), { samples: 90, positions: 3, maxExits: 2, levels: 4 });

test("every sample is on one side, with all that is known of it", () => {
  // Each sample's confidence at the first exit is its own.
  const named = {
    ...space,
    candidates: space.candidates.map((candidate, c) => ({
      ...candidate,
      confidence: Float32Array.from({ length: 90 }, (_, sample) => sample + 1000 * c),
    })),
  };
  const { design, control } = splitSpace(named, 1);
  expect([design.samples, control.samples]).toEqual([30, 60]);
  const samples = [...design.candidates[0].confidence, ...control.candidates[0].confidence];
  expect([...samples].sort((a, b) => a - b)).toEqual([...named.candidates[0].confidence]);
  for (const [k, sample] of control.candidates[0].confidence.entries()) {
    expect(control.candidates[2].confidence[k]).toBe(sample + 2000);
    expect(control.candidates[1].correct[k]).toBe(named.candidates[1].correct[sample]);
    expect(control.backboneCorrect[k]).toBe(named.backboneCorrect[sample]);
  }
});

test("the seed decides, and neither side goes empty", () => {
  expect(splitSpace(space, 4)).toEqual(splitSpace(space, 4));
  expect(splitSpace(space, 4)).not.toEqual(splitSpace(space, 5));
  const two = takeSamples(space, Uint32Array.of(0, 1));
  const { design, control } = splitSpace(two, 1);
  expect([design.samples, control.samples]).toEqual([1, 1]);
});
