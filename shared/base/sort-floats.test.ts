import { expect, test } from "vitest";
import { randomNormal, seededRandom } from "./random.ts";
import { sortedFloats } from "./sort-floats.ts";

test.each([0, 1, 7, 4095, 4096, 20_000])(
  "sorts %i values as the platform does, and leaves them alone",
  (count) => {
    const random = seededRandom(count);
    // Of every magnitude and sign, with ties and both zeros.
    const values = Float32Array.from({ length: count }, (_, i) => {
      if (i % 5 === 0) return i % 10 ? -0 : 0;
      return randomNormal(random) * 10 ** Math.round(20 * random() - 10);
    });
    const before = values.slice();
    const sorted = sortedFloats(values);
    const expected = values.slice().sort();
    for (let i = 0; i < count; i++)
      if (!Object.is(sorted[i], expected[i])) expect(sorted[i]).toBe(expected[i]);
    expect(sorted).toHaveLength(count);
    expect(values).toEqual(before);
  },
);
