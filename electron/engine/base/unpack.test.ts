import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { type ByteRange, memoryRange, readBytes } from "./byte-range.ts";
import { unpackedRange, unpackHead } from "./unpack.ts";

const content = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 7 + (at >> 9)) & 255);
const packed = memoryRange("a.npz (x)", deflateRawSync(content));

/** A range that counts the bytes that are read of it. */
function counted(range: ByteRange): { range: ByteRange; read: () => number } {
  let bytes = 0;
  const read: ByteRange["read"] = (start, into) => {
    bytes += into.length;
    return range.read(start, into);
  };
  return { range: { ...range, read }, read: () => bytes };
}

describe("unpackedRange", () => {
  it("unpacks the start alone until more is asked for, and everything once", async () => {
    const random = seededRandom(1);
    const noise = Uint8Array.from({ length: 3_000_000 }, () => random() * 256);
    const { range, read } = counted(memoryRange("x", deflateRawSync(noise)));
    expect(range.length).toBeGreaterThan(2 ** 21);
    const whole = unpackedRange(range, "deflate", noise.length);
    expect(await readBytes(whole, 10, 100)).toEqual(noise.slice(10, 110));
    expect(await readBytes(whole, 0, 10)).toEqual(noise.slice(0, 10));
    const start = read();
    expect(start).toBeLessThan(range.length);
    expect(await readBytes(whole, 2_000_000, 1000)).toEqual(noise.slice(2_000_000, 2_001_000));
    expect(await readBytes(whole, 0, 5)).toEqual(noise.slice(0, 5));
    expect(read()).toBe(start + range.length);
  });

  it.each([content.length - 1, content.length + 1])(
    "refuses what doesn't unpack to the %s bytes it claims",
    async (length) => {
      const range = unpackedRange(packed, "deflate", length);
      await expect(readBytes(range, length - 10, 10)).rejects.toMatchObject({
        code: "data-invalid",
        message: `a.npz (x): doesn't unpack to the ${length} bytes that it claims`,
      });
    },
  );

  it("reads .gz too, says what is damaged, and nothing behind the end", async () => {
    const gzip = gzipSync(content.subarray(0, 100_000));
    const range = unpackedRange(memoryRange("a.gz", gzip), "gzip", 100_000);
    expect(await readBytes(range, 99_990, 10)).toEqual(content.slice(99_990, 100_000));
    await expect(readBytes(range, 99_990, 11)).rejects.toMatchObject({ code: "file-unreadable" });
    gzip[gzip.length >> 1] ^= 0xff;
    const damaged = unpackedRange(memoryRange("a.gz", gzip), "gzip", 100_000);
    await expect(readBytes(damaged, 99_990, 10)).rejects.toThrow(/^a\.gz: is damaged and can't be unpacked/);
    await expect(unpackHead(memoryRange("b.gz", gzipSync("short")), "gzip", 6)).rejects.toThrow(
      "b.gz: doesn't unpack to the 6 bytes that it claims",
    );
  });
});
