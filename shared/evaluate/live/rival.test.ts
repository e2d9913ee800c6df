import { expect, test } from "vitest";
import { encodeBits } from "../../base/bit-text.ts";
import type { ReferenceModel } from "../../model/reference-model.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { ownRival, rivalOf, rivalsOf, weighedReference } from "./rival.ts";

/** Right on nine of ten samples in calibration, on none in test. */
const reference: ReferenceModel = {
  name: "small",
  sha256: "1",
  accuracy: 0.9,
  right: { calibration: encodeBits([1, 1, 1, 1, 1, 1, 1, 1, 1, 0]), test: encodeBits(new Uint8Array(10)) },
  latencyMs: { mean: 0.5, p50: 0.4, p95: 0.9 },
  macs: 1,
  bytes: 1,
  target: "here",
};
const space: SearchSpace = {
  samples: 10,
  candidates: [],
  backboneCorrect: new Uint8Array(10),
  backboneMs: 1,
  backboneMacs: 1,
  backboneBytes: 1,
  maxExits: 1,
  levels: 1,
};
/** Right on seven: two of those that the reference has, too, and not the last. */
const plan = { correct: Uint8Array.of(0, 0, 1, 1, 1, 1, 1, 1, 0, 1), meanMs: 0.7 };

test("compares sample by sample: three more right, one fewer, of ten", () => {
  const rival = rivalOf(reference, "calibration", plan, space)!;
  expect(rival).toMatchObject({ name: "small", accuracy: 0.9, timesFaster: 1.4 });
  expect(rival.accuracyGainPp).toBeCloseTo(20, 9);
  // 1.96 sqrt((4 / 10 - 0.2^2) / 10)
  expect(rival.accuracyGainHalfWidthPp).toBeCloseTo(37.188, 2);
  expect(rivalOf(reference, "test", plan, space)).toMatchObject({ accuracy: 0, accuracyGainPp: -70 });
});

test("a network of the project by itself is compared the same way, by the space of its own plans", () => {
  const correct = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 0);
  const alone = { ...space, backboneCorrect: correct, backboneMs: 0.5, referenceCorrect: new Uint8Array(10) };
  const rival = ownRival("small", alone, plan);
  expect(rival).toEqual({ ...rivalOf(reference, "calibration", plan, space), isOwn: true });
});

test("samples count as they weigh", () => {
  const counts = Uint32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 11);
  const weights = { counts, total: 20, effectiveSamples: 400 / 130 };
  const rival = rivalOf(reference, "calibration", plan, { ...space, weights })!;
  // Nine of twenty right against six and eleven.
  expect(rival.accuracy).toBeCloseTo(0.45, 12);
  expect(rival.accuracyGainPp).toBeCloseTo(-40, 9);
  expect(weighedReference(reference, { ...space, weights }).accuracy).toBeCloseTo(0.45, 12);
});

test("of a network that is known by its share alone the interval is that of two shares", () => {
  const rival = rivalOf({ ...reference, right: undefined }, "calibration", plan, space)!;
  expect(rival).toMatchObject({ accuracy: 0.9, timesFaster: 1.4, isUnpaired: true });
  expect(rival.accuracyGainPp).toBeCloseTo(20, 9);
  // 1.96 sqrt((0.9 x 0.1 + 0.7 x 0.3) / 10)
  expect(rival.accuracyGainHalfWidthPp).toBeCloseTo(33.948, 2);
});

test("what isn't known of these samples isn't compared, and is named", () => {
  const shareAlone = { ...reference, name: "old", right: undefined };
  const weights = { counts: new Uint32Array(10).fill(2), total: 20, effectiveSamples: 10 };
  expect(rivalOf(shareAlone, "calibration", plan, { ...space, weights })).toBeUndefined();
  expect(rivalOf(reference, "calibration", plan, { ...space, samples: 100 })).toBeUndefined();
  const { rivals, uncompared } = rivalsOf([shareAlone, reference], "test", plan, space);
  expect(rivals.map(({ name }) => name)).toEqual(["small"]);
  expect(uncompared).toEqual(["old"]);
});
