import { expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { syntheticSpace } from "./testing/synthetic-space.ts";
import { thinnedSpace } from "./thinned-space.ts";

test("draws samples once each, in order, with all that belongs to them", () => {
  const whole = syntheticSpace(seededRandom(5), { samples: 200, positions: 2, maxExits: 2, levels: 4 });
  const part = thinnedSpace(whole, 40, seededRandom(6));
  const [first, second] = whole.candidates;
  const drawn = Array.from(part.candidates[0].confidence, (value) => first.confidence.indexOf(value));
  expect(part.samples).toBe(40);
  expect(new Set(drawn).size).toBe(40);
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
  expect([...part.candidates[0].correct]).toEqual(drawn.map((sample) => first.correct[sample]));
  expect([...part.candidates[1].confidence]).toEqual(drawn.map((sample) => second.confidence[sample]));
  expect([...part.backboneCorrect]).toEqual(drawn.map((sample) => whole.backboneCorrect[sample]));
});
