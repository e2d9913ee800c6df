import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { FeatureReader } from "./feature-store.ts";

/** Seven rows of 2 + 3 cells at cut point 4: cell c of row r holds 10 r + c, and 100 more in the second file. */
async function store() {
  const cells = (width: number, extra: number) =>
    Uint16Array.from(
      { length: 7 * width },
      (_, index) => extra + 10 * Math.floor(index / width) + (index % width),
    );
  const folder = await temporaryFolder({
    "features.json": JSON.stringify({
      rows: 7,
      copies: 0,
      classes: 2,
      widths: { "4.first": 2, "4.second": 3 },
    }),
    "labels.i64": bytes(BigInt64Array.of(0n, 1n, 1n, 0n, 1n, 0n, 0n)),
    "teacher.f32": bytes(Float32Array.from({ length: 14 }, (_, index) => index / 2)),
    "4.first.f16": bytes(cells(2, 0)),
    "4.second.f16": bytes(cells(3, 100)),
  });
  return folder;
}

function bytes(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

describe("feature reader", () => {
  it("reads windows that fit the budget, the last one shorter", async () => {
    // A row takes 2 bytes x 5 cells, so 35 bytes hold three of them.
    const reader = await FeatureReader.open(await store(), 4, ["first", "second"], 35);
    expect([reader.rows, reader.classes, reader.widths, reader.windowRows]).toEqual([7, 2, [2, 3], 3]);
    expect([...reader.labels]).toEqual([0n, 1n, 1n, 0n, 1n, 0n, 0n]);
    expect([...reader.teacher.slice(0, 3)]).toEqual([0, 0.5, 1]);
    const middle = reader.window(3);
    expect([middle.start, middle.rows]).toEqual([3, 3]);
    expect([...middle.features[0]]).toEqual([30, 31, 40, 41, 50, 51]);
    expect([...middle.features[1]]).toEqual([130, 131, 132, 140, 141, 142, 150, 151, 152]);
    const last = reader.window(6);
    expect([last.rows, [...last.features[0]], [...last.features[1]]]).toEqual([1, [60, 61], [160, 161, 162]]);
    reader.close();
  });

  it("holds all rows if they fit, and at least one if none does", async () => {
    const folder = await store();
    const large = await FeatureReader.open(folder, 4, ["second"], 1e9);
    expect(large.windowRows).toBe(7);
    expect(large.window(0)).toBe(large.window(0));
    large.close();
    const small = await FeatureReader.open(folder, 4, ["second"], 1);
    expect([small.windowRows, [...small.window(5).features[0]]]).toEqual([1, [150, 151, 152]]);
    small.close();
  });

  it("refuses a file that is shorter than its description", async () => {
    const folder = await store();
    await writeFile(join(folder, "4.second.f16"), new Uint8Array(40));
    const reader = await FeatureReader.open(folder, 4, ["second"], 1e9);
    expect(() => reader.window(0)).toThrow(
      expect.objectContaining({
        code: "file-invalid",
        message: "a feature file is shorter than its description says",
      }),
    );
    reader.close();
  });
});
