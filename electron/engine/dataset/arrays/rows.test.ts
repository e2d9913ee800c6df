import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryRange } from "../../base/byte-range.ts";
import { concatRows, rowsOf } from "./rows.ts";

/** Row k holds the numbers k, k + 1, … as bytes. */
function numbered(first: number, count: number, rowBytes: number) {
  const bytes = Uint8Array.from(
    { length: count * rowBytes },
    (_, at) => first + Math.floor(at / rowBytes) + (at % rowBytes),
  );
  return rowsOf(memoryRange("rows", bytes), rowBytes, count);
}

describe("rows", () => {
  it("gives rows in the order asked for, near or far, once or twice", async () => {
    const indices = fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(indices, fc.constantFrom(1, 7, 9000), async (indices, rowBytes) => {
        const rows = await numbered(0, 100, rowBytes).read(indices);
        const firstBytes = indices.map((_, place) => rows[place * rowBytes]);
        const lastBytes = indices.map((_, place) => rows[place * rowBytes + rowBytes - 1]);
        expect(firstBytes).toEqual(indices);
        expect(lastBytes).toEqual(indices.map((index) => (index + rowBytes - 1) % 256));
      }),
      { numRuns: 40 },
    );
  });

  it("joins sources", async () => {
    const rows = concatRows([numbered(0, 3, 2), numbered(50, 2, 2)]);
    expect(rows.count).toBe(5);
    expect(await rows.read([4, 0, 3, 2])).toEqual(Uint8Array.of(51, 52, 0, 1, 50, 51, 2, 3));
  });

  it("joins many sources, some of them empty", async () => {
    const sources = Array.from({ length: 50 }, (_, at) => numbered(at, at % 3, 1));
    const rows = concatRows(sources);
    const expected = sources.flatMap((_, at) => Array.from({ length: at % 3 }, (_, row) => at + row));
    const indices = Array.from({ length: rows.count }, (_, at) => (at * 7) % rows.count);
    expect(await rows.read(indices)).toEqual(Uint8Array.from(indices, (index) => expected[index]));
  });

  it.each([-1, 5, Number.NaN])("refuses row %s of 5", async (index) => {
    const rows = concatRows([numbered(0, 3, 2), numbered(50, 2, 2)]);
    await expect(rows.read([index])).rejects.toMatchObject({ code: "shape-mismatch" });
  });
});
