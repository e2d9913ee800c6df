import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import type { NpyArray } from "../base/npy.ts";
import { encodeNpz } from "../base/npz.ts";
import { decodeTable, encodeTable, openTable } from "./table-file.ts";

const table: ConfidenceTable = {
  exits: 2,
  samples: 2,
  confidence: Float32Array.of(0.5, 0.25, 0.1, 1, 0, 0.75),
  correct: Uint8Array.of(1, 0, 0, 1, 1, 1),
  predicted: Int32Array.of(3, 1, 4, 1, 5, 9),
  labels: Int32Array.of(1, 9),
};

const parts = {
  confidence: { shape: [2, 3], data: Float32Array.of(0.5, 0.25, 0.75, 0.9, 0.8, 1) },
  correct: { shape: [2, 3], data: Uint8Array.of(1, 0, 1, 1, 1, 0) },
};

/**
 * What NumPy 2.4 writes for these two arrays, `correct` as bool, by numpy.savez, and by numpy.savez_compressed with
 * numpy.arange(6, dtype="int32").reshape(2, 3) as `predicted`.
 */
const savez =
  "UEsDBC0AAAAAAAAAIQCRaH1R//////////8OABQAY29uZmlkZW5jZS5ucHkBABAAmAAAAAAAAACYAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAPwAAgD4AAEA/ZmZmP83MTD8AAIA/UEsDBC0AAAAAAAAAIQDugE4Z//////////8LABQAY29ycmVjdC5ucHkBABAAhgAAAAAAAACGAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3xiMScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAQABAQEAUEsBAi0DLQAAAAAAAAAhAJFofVGYAAAAmAAAAA4AAAAAAAAAAAAAAIABAAAAAGNvbmZpZGVuY2UubnB5UEsBAi0DLQAAAAAAAAAhAO6AThmGAAAAhgAAAAsAAAAAAAAAAAAAAIAB2AAAAGNvcnJlY3QubnB5UEsFBgAAAAACAAIAdQAAAJsBAAAAAA==";
const savezCompressed =
  "UEsDBC0AAAAIAAAAIQCRaH1R//////////8OABQAY29uZmlkZW5jZS5ucHkBABAAmAAAAAAAAABcAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYGBnsGhgY7BgYH+7S0NPuzZ3xAfHsAUEsDBC0AAAAIAAAAIQDugE4Z//////////8LABQAY29ycmVjdC5ucHkBABAAhgAAAAAAAABMAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF6TZKiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLkYGRkZGBgBQSwMELQAAAAgAAAAhAFC0TYT//////////w0AFABwcmVkaWN0ZWQubnB5AQAQAJgAAAAAAAAAVQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mirqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOgrGmjoKtQpkAy4GIGAEYiYgZgZiFiBmBWIAUEsBAi0DLQAAAAgAAAAhAJFofVFcAAAAmAAAAA4AAAAAAAAAAAAAAIABAAAAAGNvbmZpZGVuY2UubnB5UEsBAi0DLQAAAAgAAAAhAO6AThlMAAAAhgAAAAsAAAAAAAAAAAAAAIABnAAAAGNvcnJlY3QubnB5UEsBAi0DLQAAAAgAAAAhAFC0TYRVAAAAmAAAAA0AAAAAAAAAAAAAAIABJQEAAHByZWRpY3RlZC5ucHlQSwUGAAAAAAMAAwCwAAAAuQEAAAAA";

describe("a table's file", () => {
  it("brings back what was written, with and without answers", async () => {
    expect(await decodeTable(encodeTable(table), "t.npz")).toEqual(table);
    const { predicted: _predicted, labels: _labels, ...bare } = table;
    expect(await decodeTable(encodeTable(bare), "t.npz")).toEqual(bare);
    const folder = await temporaryFolder({ "t.npz": encodeTable(table) });
    expect(await openTable(join(folder, "t.npz"))).toEqual(table);
  });

  it("may come from NumPy, plain and compressed", async () => {
    const own = {
      exits: 1,
      samples: 3,
      confidence: parts.confidence.data,
      correct: parts.correct.data,
    };
    expect(await decodeTable(Buffer.from(savez, "base64"), "t.npz")).toEqual({
      ...own,
      predicted: undefined,
    });
    const compressed = await decodeTable(Buffer.from(savezCompressed, "base64"), "t.npz");
    expect(compressed).toEqual({ ...own, predicted: Int32Array.of(0, 1, 2, 3, 4, 5) });
  });
});

const tail =
  "; a confidence table holds 'confidence' (float32) and 'correct' (uint8), both [exits + 1, samples]";

describe("a file that is no table is refused in words", () => {
  const { confidence, correct } = parts;
  const shaped = (shape: number[], data: NpyArray["data"]) => ({ shape, data });
  it.each<[string, Record<string, NpyArray>, string]>([
    ["no confidence", { correct }, "has no array 'confidence', only correct"],
    ["no correctness", { confidence, labels: correct }, "has no array 'correct', only confidence, labels"],
    [
      "a single row",
      { confidence: shaped([1, 6], confidence.data), correct: shaped([1, 6], correct.data) },
      "'confidence' has shape [1,6], expected [exits + 1, samples] with at least one exit",
    ],
    [
      "three dimensions",
      { confidence: shaped([2, 3, 1], confidence.data), correct },
      "'confidence' has shape [2,3,1], expected [exits + 1, samples] with at least one exit",
    ],
    [
      "no samples",
      { confidence: shaped([2, 0], new Float32Array()), correct: shaped([2, 0], new Uint8Array()) },
      "'confidence' has shape [2,0], expected [exits + 1, samples] with at least one exit",
    ],
    [
      "doubles",
      { confidence: shaped([2, 3], Float64Array.from(confidence.data)), correct },
      "'confidence' must be float32",
    ],
    [
      "another shape",
      { confidence, correct: shaped([3, 2], correct.data) },
      "'correct' has shape [3,2], expected [2,3]",
    ],
    [
      "wide integers",
      { confidence, correct: shaped([2, 3], BigInt64Array.from(correct.data, BigInt)) },
      "'correct' must be uint8 or bool",
    ],
    [
      "a two",
      { confidence, correct: shaped([2, 3], Uint8Array.of(0, 1, 2, 0, 0, 0)) },
      "'correct' must hold 0 and 1 only",
    ],
    [
      "NaN",
      { confidence: shaped([2, 3], Float32Array.of(0, 0, Number.NaN, 0, 0, 0)), correct },
      "'confidence' holds NaN or infinity",
    ],
    [
      "infinity",
      { confidence: shaped([2, 3], Float32Array.of(0, 0, Number.POSITIVE_INFINITY, 0, 0, 0)), correct },
      "'confidence' holds NaN or infinity",
    ],
    [
      "answers of another shape",
      { confidence, correct, predicted: shaped([3, 2], new Int32Array(6)) },
      "'predicted' must be int32 of shape [2,3]",
    ],
    [
      "answers as floats",
      { confidence, correct, predicted: confidence },
      "'predicted' must be int32 of shape [2,3]",
    ],
  ])("%s", async (_name, arrays, what) => {
    await expect(decodeTable(encodeNpz(arrays), "t.npz")).rejects.toMatchObject({
      code: "file-invalid",
      message: `t.npz ${what}${tail}`,
    });
  });

  it("no archive, and an array that is damaged inside", async () => {
    await expect(decodeTable(new TextEncoder().encode("confidence,correct"), "t.csv")).rejects.toMatchObject({
      code: "file-invalid",
      message: `t.csv is no .npz archive${tail}`,
    });
    const bytes = encodeNpz(parts);
    // The magic of the first array, behind the zip entry's header.
    bytes[30 + "confidence.npy".length] = 0;
    await expect(decodeTable(bytes, "t.npz")).rejects.toMatchObject({
      code: "file-invalid",
      message: "t.npz (confidence): is not a .npy array",
    });
  });

  it("no file at all", async () => {
    await expect(openTable("/nowhere/t.npz")).rejects.toMatchObject({
      code: "file-not-found",
      message: "/nowhere/t.npz: no such file or folder; give a confidence table as .npz",
    });
  });
});

it("takes no more memory than it may, whatever its arrays unpack to", async () => {
  const [samples, exits] = [100_000, 1];
  const [confidence, correct] = [new Float32Array(2 * samples), new Uint8Array(2 * samples)];
  const bytes = encodeTable({ samples, exits, confidence, correct });
  expect(bytes.length).toBeLessThan(10_000);
  expect((await decodeTable(bytes, "t.npz", 2e6)).samples).toBe(samples);
  await expect(decodeTable(bytes, "t.npz", 5e5)).rejects.toMatchObject({
    code: "file-invalid",
    message: expect.stringMatching(/^t\.npz: .*MiB when inflated/),
  });
});
