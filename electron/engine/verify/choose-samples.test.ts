import { expect, test } from "vitest";
import { seededRandom, shuffle } from "../../../shared/base/random.ts";
import { chooseSamples } from "./choose-samples.ts";

/** Sixty of class 0, thirty of 1, nine of 2, one of 3, shuffled. */
function mixed(seed: number): Int32Array {
  const labels = Int32Array.from({ length: 100 }, (_, k) => (k < 60 ? 0 : k < 90 ? 1 : k < 99 ? 2 : 3));
  return shuffle(labels, seededRandom(seed));
}

function perClass(labels: Int32Array, places: Int32Array): number[] {
  const counts = [0, 0, 0, 0];
  for (const place of places) counts[labels[place]]++;
  return counts;
}

test("each class gets its share, to the image", () => {
  const labels = mixed(1);
  for (const count of [1, 7, 20, 50, 99]) {
    const places = chooseSamples(labels, count);
    expect(places).toHaveLength(count);
    expect([...places].sort((a, b) => a - b)).toEqual([...places]);
    for (const [label, taken] of perClass(labels, places).entries()) {
      const exact = (count * [60, 30, 9, 1][label]) / 100;
      expect(Math.abs(taken - exact)).toBeLessThan(1);
    }
  }
});

test("all are taken where as many are wanted, the same ones each time", () => {
  const labels = mixed(2);
  expect(chooseSamples(labels, 100)).toEqual(Int32Array.from({ length: 100 }, (_, place) => place));
  expect(chooseSamples(labels, 500)).toHaveLength(100);
  expect(chooseSamples(labels, 33)).toEqual(chooseSamples(labels, 33));
});

test("of each class the first are taken, so that little is read besides", () => {
  expect(chooseSamples(Int32Array.of(0, 0, 0, 1, 0, 1, 1, 1), 4)).toEqual(Int32Array.of(0, 1, 3, 5));
});

test("what is left over goes to no class by its number", () => {
  const times = [0, 0, 0, 0];
  // Two of four classes of five: whichever come first.
  for (let seed = 0; seed < 400; seed++) {
    const labels = shuffle(
      Int32Array.from({ length: 20 }, (_, k) => k % 4),
      seededRandom(seed),
    );
    for (const place of chooseSamples(labels, 2)) times[labels[place]]++;
  }
  // 200 each, standard deviation 10.
  for (const count of times) expect(Math.abs(count - 200)).toBeLessThan(40);
});
