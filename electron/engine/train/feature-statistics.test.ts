import { expect, it } from "vitest";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { averagePooling, gridPooling } from "../heads/pooling.ts";
import { halfBits } from "../onnx/half-float.ts";
import { standardisation } from "./feature-statistics.ts";
import { FeatureReader } from "./feature-store.ts";

/** A store of cut point 0 with the given rows per pooled result. */
async function readerOf(results: Readonly<Record<string, readonly (readonly number[])[]>>) {
  const widths = Object.entries(results).map(([name, rows]) => [`0.${name}`, rows[0].length]);
  const [{ length }] = Object.values(results);
  const files = Object.entries(results).map(([name, rows]) => [
    `0.${name}.f16`,
    new Uint8Array(Uint16Array.from(rows.flat(), halfBits).buffer),
  ]);
  const folder = await temporaryFolder({
    "features.json": JSON.stringify({
      rows: length,
      copies: 0,
      classes: 2,
      widths: Object.fromEntries(widths),
    }),
    "labels.i64": new Uint8Array(8 * length),
    "teacher.f32": new Uint8Array(8 * length),
    ...Object.fromEntries(files),
  });
  return FeatureReader.open(folder, 0, Object.keys(results), 1e9);
}

it("gives mean and inverse deviation per cell, with a twentieth of the typical variance as floor", async () => {
  // Variances 1 and 0, typically a half: the floor is 0.025.
  const reader = await readerOf({
    average: [
      [1, 8],
      [3, 8],
    ],
  });
  const { mean, scale } = await standardisation(reader, averagePooling.outputs);
  reader.close();
  expect([...mean]).toEqual([2, 8]);
  expect(scale[0]).toBeCloseTo(1 / Math.sqrt(1.025), 6);
  expect(scale[1]).toBeCloseTo(1 / Math.sqrt(0.025), 5);
});

it("takes the average of several pooled results", async () => {
  // Averages 2 and 6: mean 4, variance 4, floor 0.2.
  const reader = await readerOf({ maximum: [[3], [7]], mean: [[1], [5]] });
  const { mean, scale } = await standardisation(reader, gridPooling.outputs);
  reader.close();
  expect(mean[0]).toBe(4);
  expect(scale[0]).toBeCloseTo(1 / Math.sqrt(4.2), 6);
});
