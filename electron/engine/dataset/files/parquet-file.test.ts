import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { memoryRange } from "../../base/byte-range.ts";
import { openParquet } from "./parquet-file.ts";

/** A column of 16 numbers of eight bytes, four to a row group or all in one. */
function numbers(rowGroupSize = 16): Uint8Array {
  const data = Array.from({ length: 16 }, (_, row) => BigInt(row * 1_000_003));
  const column = { name: "a", data, type: "INT64", encoding: "PLAIN", nullable: false } as const;
  return new Uint8Array(parquetWriteBuffer({ columnData: [column], rowGroupSize }));
}

describe("openParquet", () => {
  it("reads a column row group by row group", async () => {
    const file = await openParquet(memoryRange("a.parquet", numbers(4)));
    expect(file.rows).toBe(16);
    expect(file.columns).toEqual([{ name: "a", isBytes: false, fields: [] }]);
    expect(file.groups.map(({ firstRow, rows }) => [firstRow, rows])).toEqual([
      [0, 4],
      [4, 4],
      [8, 4],
      [12, 4],
    ]);
    expect(await file.read("a", file.groups[2])).toEqual(
      [8, 9, 10, 11].map((row) => BigInt(row * 1_000_003)),
    );
  });

  it("refuses row groups that claim too much", async () => {
    await expect(openParquet(memoryRange("a.parquet", numbers()), 100)).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(/^a\.parquet: has row groups of 1 MiB: .*row_group_size=1000/),
    });
  });

  it("refuses pages that unpack to more than their row group may take", async () => {
    const bytes = numbers();
    // The first page's header: field 1, its kind; field 2, its unpacked size, 128 as a zigzag number of two bytes.
    expect([bytes[4], bytes[6]]).toEqual([0x15, 0x15]);
    expect(bytes[7] & 0x80).toBe(0x80);
    bytes.set([0xfe, 0x7f], 7);
    const file = await openParquet(memoryRange("a.parquet", bytes), 4000);
    await expect(file.read("a", file.groups[0])).rejects.toMatchObject({
      code: "data-invalid",
      message: "a.parquet: can't be read (unpacks to more than it claims)",
    });
  });

  it("says in one line that any other damage is some", async () => {
    const whole = numbers();
    for (let at = 4; at < whole.length; at += 3) {
      const damaged = whole.slice();
      damaged[at] ^= 0x55;
      const read = async () => {
        const file = await openParquet(memoryRange("a.parquet", damaged));
        for (const group of file.groups) await file.read("a", group);
      };
      const error = await read().catch((error: unknown) => error);
      if (error !== undefined)
        expect(error).toMatchObject({
          code: "data-invalid",
          message: expect.stringMatching(/^a\.parquet: .+$/),
        });
    }
  });
});
