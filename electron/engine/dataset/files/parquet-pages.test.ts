import type { ColumnMetaData } from "hyparquet";
import { describe, expect, it } from "vitest";
import { memoryRange } from "../../base/byte-range.ts";
import { readLeaf } from "./parquet-pages.ts";

/** A number as Thrift's compact protocol and the runs have it. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))];
}

const zigzag = (value: number) => varint(2 * value);

interface Page {
  readonly kind: "data" | "dictionary";
  readonly count: number;
  readonly encoding: number;
  readonly bytes: readonly number[];
}

/** A page behind its header; a dictionary's has fewer fields. */
function page({ kind, count, encoding, bytes }: Page): number[] {
  const isData = kind === "data";
  const sizes = [0x15, ...zigzag(bytes.length), 0x15, ...zigzag(bytes.length)];
  const about = [0x15, ...zigzag(count), 0x15, ...zigzag(encoding), ...(isData ? [0x15, 6, 0x15, 6] : []), 0];
  return [0x15, ...zigzag(isData ? 0 : 2), ...sizes, isData ? 0x2c : 0x4c, ...about, 0, ...bytes];
}

const [plain, dictionaryCoded, delta] = [0, 8, 5];
const ints = (...values: number[]) => [...new Uint8Array(Int32Array.from(values).buffer)];

/** Reads a column of 32-bit numbers that is made of pages. */
function read(rows: number, pages: readonly number[][], repetition = "REQUIRED") {
  const bytes = Uint8Array.from(pages.flat());
  const about = {
    path_in_schema: ["a"],
    codec: "UNCOMPRESSED",
    data_page_offset: 0n,
    total_compressed_size: BigInt(bytes.length),
  } as unknown as ColumnMetaData;
  const node = (name: string, repetition_type: string) => ({
    ...{ children: [], count: 1, path: [] },
    element: { name, type: "INT32" as const, repetition_type: repetition_type as "REQUIRED" },
  });
  const path = [node("schema", "REQUIRED"), node("a", repetition)];
  return readLeaf(memoryRange("a.parquet", bytes), { about, path, rows }, {});
}

const dictionary = page({ kind: "dictionary", count: 3, encoding: plain, bytes: ints(70, 80, 90) });
const coded = (count: number, bytes: readonly number[]) =>
  page({ kind: "data", count, encoding: dictionaryCoded, bytes });

describe("readLeaf", () => {
  it("reads plain values, runs of one, and values packed side by side", async () => {
    const plainPage = page({ kind: "data", count: 2, encoding: plain, bytes: ints(5, -6) });
    // Two bits each: a run of three 2s, then a group of eight: 1, 0, 2, 0, ...
    const codedPage = coded(6, [2, ...varint(3 << 1), 2, ...varint((1 << 1) | 1), 0b00100001, 0]);
    expect(await read(8, [dictionary, plainPage, codedPage])).toEqual([5, -6, 90, 90, 90, 80, 70, 90]);
  });

  it("gives null where the level says that there is no value", async () => {
    // Levels, one bit each behind their length: 1, 0, 1.
    const levels = [2, 0, 0, 0, ...varint((1 << 1) | 1), 0b101];
    const bytes = [...levels, ...ints(7, 9)];
    expect(await read(3, [page({ kind: "data", count: 3, encoding: plain, bytes })], "OPTIONAL")).toEqual([
      7,
      null,
      9,
    ]);
  });

  it("takes memory for no more values than there are rows, whatever a run claims", async () => {
    expect(await read(3, [dictionary, coded(3, [2, ...varint(2 ** 31), 1])])).toEqual([80, 80, 80]);
    const packed = coded(3, [2, ...varint(2 ** 31 + 1), 0b00100100]);
    expect(await read(3, [dictionary, packed])).toEqual([70, 80, 90]);
  });

  it.each([
    [
      "more values than rows",
      [coded(2 ** 30, [2, 6, 2])],
      /has a page of 1073741824 values where 3 are left/,
    ],
    [
      "a dictionary of more values than bytes",
      [page({ kind: "dictionary", count: 2 ** 30, encoding: plain, bytes: ints(1) })],
      /has a dictionary of 1073741824 values in 4 bytes/,
    ],
    [
      "places beyond the dictionary",
      [dictionary, coded(3, [2, ...varint(6), 3])],
      /refers to a value that its dictionary doesn't hold/,
    ],
    [
      "blocks that no library writes",
      [
        page({
          kind: "data",
          count: 3,
          encoding: delta,
          bytes: [...varint(2 ** 31), ...varint(2 ** 30), 3, 0],
        }),
      ],
      /has blocks of 2147483648 values in 1073741824 parts/,
    ],
    [
      "values that repeat parts of those before",
      [page({ kind: "data", count: 3, encoding: 7, bytes: [0] })],
      /in the encoding DELTA_BYTE_ARRAY, which isn't read/,
    ],
    ["numbers too wide", [dictionary, coded(3, [40, 6, 0])], /holds numbers of 40 bits/],
  ])("refuses %s", async (_, pages, message) => {
    await expect(read(3, pages)).rejects.toThrow(message);
  });

  it("refuses lists", async () => {
    await expect(read(3, [dictionary], "REPEATED")).rejects.toThrow('column "a" holds lists');
  });
});
