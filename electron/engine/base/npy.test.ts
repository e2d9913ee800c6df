import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryRange } from "./byte-range.ts";
import { decodeNpy, encodeNpy, type NpyData, npyChunks, readNpyHeader, readNpyText } from "./npy.ts";

/** A .npy file with any header text. */
function withHeader(text: string, dataBytes: number, version = 1): Uint8Array {
  const textStart = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(textStart + text.length + dataBytes);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), textStart);
  return bytes;
}

function header(descr: string, shape: string, fortran = "False"): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
}

describe("npy", () => {
  it("reads back what it wrote, for every kind of number", async () => {
    const arrays: NpyData[] = [
      Uint8Array.of(0, 255),
      Int8Array.of(-128, 127),
      Uint16Array.of(0, 65_535),
      Int16Array.of(-32_768, 32_767),
      Uint32Array.of(0, 4_294_967_295),
      Int32Array.of(-2_147_483_648, 2_147_483_647),
      Float32Array.of(-0.5, 3e38),
      Float64Array.of(Math.PI, -1e300),
      BigUint64Array.of(0n, 18_446_744_073_709_551_615n),
      BigInt64Array.of(-9_223_372_036_854_775_808n, 1n),
    ];
    for (const data of arrays) {
      expect(await decodeNpy(encodeNpy({ shape: [2], data }))).toMatchObject({ shape: [2], data });
    }
  });

  it("reads back any shape", async () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const data = Float32Array.from(
          { length: shape.reduce((product, size) => product * size, 1) },
          (_, index) => index,
        );
        const read = await decodeNpy(encodeNpy({ shape, data }));
        expect(read).toEqual({ type: "f4", shape, data });
      }),
    );
  });

  it("writes the bytes that NumPy writes", () => {
    const bytes = encodeNpy({ shape: [4], data: Float32Array.of(1, 2, 3, 4) });
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }".padEnd(117);
    expect(Buffer.from(bytes.subarray(0, 128)).toString("latin1")).toBe(`\x93NUMPY\x01\x00v\x00${text}\n`);
  });

  it("refuses data that doesn't fill the shape", () => {
    expect(() => encodeNpy({ shape: [2, 2], data: Uint8Array.of(1) })).toThrow(
      /\[2, 2\] holds 4 items.* has 1/,
    );
  });

  it("widens half floats, booleans and versions 2 and 3", async () => {
    const half = withHeader(header("<f2", "(5,)"), 10);
    half.set([0x00, 0x3e, 0x00, 0xc0, 0xff, 0x7b, 0x01, 0x00, 0x00, 0x7c], half.length - 10);
    expect((await decodeNpy(half)).data).toEqual(
      Float32Array.of(1.5, -2, 65_504, 2 ** -24, Number.POSITIVE_INFINITY),
    );
    for (const version of [2, 3]) {
      const bool = withHeader(header("|b1", "(2,)"), 2, version);
      bool[bool.length - 1] = 1;
      expect((await decodeNpy(bool)).data).toEqual(Uint8Array.of(0, 1));
    }
  });

  it("reads text of wide and of narrow characters", async () => {
    const wide = withHeader(header("<U3", "(2,)"), 24);
    const view = new DataView(wide.buffer, wide.length - 24);
    for (const [at, point] of [0x63, 0x61, 0x74, 0x1f408].entries()) view.setUint32(4 * at, point, true);
    const text = (bytes: Uint8Array) => readNpyText(memoryRange("a.npy", bytes));
    expect(await text(wide)).toEqual({ shape: [2], text: ["cat", "🐈"] });
    const narrow = withHeader(header("|S3", "(2,)"), 6);
    narrow.set([0x63, 0x61, 0x74, 0x6f, 0x78, 0], narrow.length - 6);
    expect(await text(narrow)).toEqual({ shape: [2], text: ["cat", "ox"] });
    expect(await text(withHeader(header("|u1", "(1,)"), 1))).toBeUndefined();
    await expect(text(withHeader(header("<U9999", "(1,)"), 8))).rejects.toThrow(/39996 bytes an item/);
    await expect(text(withHeader(header("<U3", "(3,)"), 24))).rejects.toThrow(/claims shape \[3\] of U3, 36/);
  });

  it("takes the header's keys in any order and Fortran order where it makes no difference", async () => {
    const text = `{"shape": (3, 1), "fortran_order": True, "descr": "<u2"}`;
    expect(await decodeNpy(withHeader(text, 6))).toMatchObject({ type: "u2", shape: [3, 1] });
  });

  it.each([
    ["another file", new TextEncoder().encode("hello, hello, hello"), /is not a .npy array/],
    ["an empty file", new Uint8Array(), /is 0 bytes long/],
    ["an unknown version", withHeader(header("|u1", "(1,)"), 1, 9), /version 9, expected 1 to 3/],
    [
      "a file cut short",
      withHeader(header("<f4", "(10, 3)"), 119),
      /\[10, 3\] of f4, 120 bytes, but holds 119/,
    ],
    ["a shape beyond all bounds", withHeader(header("|u1", "(999999999, 999999999)"), 4), /cut short/],
    ["a shape of no numbers", withHeader(header("|u1", "(1 2,)"), 4), /claims shape/],
    ["a negative shape", withHeader(header("|u1", "(-1,)"), 4), /malformed/],
    [
      "code in the header",
      withHeader("{'descr': __import__('os'), }", 4),
      /malformed .npy header: ".*__import__/,
    ],
    ["a key given twice", withHeader("{'descr': '|u1', 'descr': '|u1', 'shape': ()}", 4), /malformed/],
    ["a missing key", withHeader("{'descr': '|u1', 'shape': (1,)}", 4), /malformed/],
    ["swapped values", withHeader("{'descr': (1,), 'fortran_order': '<f4', 'shape': True}", 4), /malformed/],
    ["too many dimensions", withHeader(header("|u1", `(${"1,".repeat(33)})`), 4), /33 dimensions/],
    ["Python objects", withHeader(header("|O", "(1,)"), 4), /Python objects.*array\.astype\(str\)/],
    ["dates", withHeader(header("<M8", "(1,)"), 8), /type "<M8", expected b1, u1/],
    ["big-endian numbers", withHeader(header(">i4", "(1,)"), 4), /big-endian.*astype\("<i4"\)/],
    ["Fortran order", withHeader(header("|u1", "(2, 2)", "True"), 4), /Fortran order.*ascontiguousarray/],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(decodeNpy(bytes, "a.npy")).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(message),
    });
  });

  it("goes through an array by rows, in pieces that don't grow with it", async () => {
    const array = { shape: [700_000, 3], data: Int32Array.from({ length: 2_100_000 }, (_, at) => at) };
    const range = memoryRange("a.npy", encodeNpy(array));
    const sizes: number[] = [];
    let next = 0;
    for await (const { data, row } of npyChunks(range, await readNpyHeader(range), 3)) {
      expect(row * 3).toBe(next);
      expect([data[0], data[data.length - 1]]).toEqual([next, next + data.length - 1]);
      next += data.length;
      sizes.push(data.length % 3);
    }
    expect(next).toBe(2_100_000);
    // 8.4 MB in pieces of 4 MiB, each of whole rows.
    expect(sizes).toEqual([0, 0, 0]);
  });

  it("refuses a header longer than any honest one before reading it", async () => {
    const bytes = withHeader(header("|u1", "(1,)"), 1, 2);
    new DataView(bytes.buffer).setUint32(8, 4_000_000_000, true);
    await expect(decodeNpy(bytes)).rejects.toThrow(/claims a header of 4000000000 bytes/);
  });
});
