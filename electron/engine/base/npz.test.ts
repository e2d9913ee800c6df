import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { memoryRange, readBytes } from "./byte-range.ts";
import { decodeNpy, readNpy } from "./npy.ts";
import { encodeNpz, openNpz } from "./npz.ts";

/**
 * numpy.savez and savez_compressed of x_train = arange(12, uint8) as [3, 2, 2], y_train = [[0], [1], [1]] as int64 and
 * half = [1.5, -2, 65504, 6e-8]; NumPy 2.4 writes zip64 headers even for small members.
 */
const BY_NUMPY = {
  stored:
    "UEsDBC0AAAAAAAAAIQCaCbEc//////////8LABQAeF90cmFpbi5ucHkBABAAjAAAAAAAAACMAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3x1MScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCAyLCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAECAwQFBgcICQoLUEsDBC0AAAAAAAAAIQB6ecfC//////////8LABQAeV90cmFpbi5ucHkBABAAmAAAAAAAAACYAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxpOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCAxKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAAUEsDBC0AAAAAAAAAIQBxXwJF//////////8IABQAaGFsZi5ucHkBABAAiAAAAAAAAACIAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmMicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICg0LCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAD4AwP97AQBQSwECLQMtAAAAAAAAACEAmgmxHIwAAACMAAAACwAAAAAAAAAAAAAAgAEAAAAAeF90cmFpbi5ucHlQSwECLQMtAAAAAAAAACEAennHwpgAAACYAAAACwAAAAAAAAAAAAAAgAHJAAAAeV90cmFpbi5ucHlQSwECLQMtAAAAAAAAACEAcV8CRYgAAACIAAAACAAAAAAAAAAAAAAAgAGeAQAAaGFsZi5ucHlQSwUGAAAAAAMAAwCoAAAAYAIAAAAA",
  deflated:
    "UEsDBC0AAAAIAAAAIQCaCbEc//////////8LABQAeF90cmFpbi5ucHkBABAAjAAAAAAAAABUAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkZApKmjUKtAHuBiYGRiZmFlY+fg5OIGAFBLAwQtAAAACAAAACEAennHwv//////////CwAUAHlfdHJhaW4ubnB5AQAQAJgAAAAAAAAASwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOgqGmjoKtQpkAy4GKGBEowFQSwMELQAAAAgAAAAhAHFfAkX//////////wgAFABoYWxmLm5weQEAEACIAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmpK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjqaOgq1ChQALgY7hgP/qxkZAFBLAQItAy0AAAAIAAAAIQCaCbEcVAAAAIwAAAALAAAAAAAAAAAAAACAAQAAAAB4X3RyYWluLm5weVBLAQItAy0AAAAIAAAAIQB6ecfCSwAAAJgAAAALAAAAAAAAAAAAAACAAZEAAAB5X3RyYWluLm5weVBLAQItAy0AAAAIAAAAIQBxXwJFTAAAAIgAAAAIAAAAAAAAAAAAAACAARkBAABoYWxmLm5weVBLBQYAAAAAAwADAKgAAACfAQAAAAA=",
};

function open(bytes: Uint8Array, inflateLimit?: number) {
  return openNpz(memoryRange("a.npz", bytes), inflateLimit);
}

/** The same archive with its directory found through a zip64 record only, as archives above 4 GiB have it. */
function withZip64Directory(archive: Uint8Array): Uint8Array {
  const end = archive.length - 22;
  const old = new DataView(archive.buffer, archive.byteOffset + end);
  const bytes = new Uint8Array(archive.length + 76);
  bytes.set(archive.subarray(0, end));
  bytes.set(archive.subarray(end), end + 76);
  const view = new DataView(bytes.buffer);
  view.setUint32(end, 0x06064b50, true);
  view.setBigUint64(end + 40, BigInt(old.getUint32(12, true)), true);
  view.setBigUint64(end + 48, BigInt(old.getUint32(16, true)), true);
  view.setUint32(end + 56, 0x07064b50, true);
  view.setBigUint64(end + 56 + 8, BigInt(end), true);
  view.setUint32(end + 76 + 16, 0xffffffff, true);
  return bytes;
}

describe("npz", () => {
  it.each(["stored", "deflated"] as const)("reads what NumPy wrote, %s", async (kind) => {
    const npz = await open(Buffer.from(BY_NUMPY[kind], "base64"));
    expect(npz.names).toEqual(["x_train", "y_train", "half"]);
    expect(await readNpy(await npz.member("x_train"))).toEqual({
      type: "u1",
      shape: [3, 2, 2],
      data: Uint8Array.from({ length: 12 }, (_, index) => index),
    });
    expect(await readNpy(await npz.member("y_train"))).toMatchObject({
      shape: [3, 1],
      data: BigInt64Array.of(0n, 1n, 1n),
    });
    expect((await readNpy(await npz.member("half"))).data).toEqual(
      Float32Array.of(1.5, -2, 65_504, 2 ** -24),
    );
  });

  it.each([false, true])("writes what itself and fflate read, compressed: %s", async (compressed) => {
    const array = { shape: [500], data: new Int16Array(500).fill(7) };
    const bytes = encodeNpz({ weights: array }, compressed);
    expect(bytes.length < 500).toBe(compressed);
    expect(await decodeNpy(unzipSync(bytes)["weights.npy"])).toMatchObject(array);
    expect(await readNpy(await (await open(bytes)).member("weights"))).toMatchObject(array);
  });

  it("finds a zip64 directory", async () => {
    const array = { shape: [2], data: Uint8Array.of(4, 2) };
    const npz = await open(withZip64Directory(encodeNpz({ weights: array })));
    expect(await readNpy(await npz.member("weights"))).toMatchObject(array);
  });

  it("inflates no more than the limit, over all members together", async () => {
    const array = { shape: [1000], data: new Uint8Array(1000) };
    const npz = await open(encodeNpz({ a: array, b: array }, true), 2000);
    await npz.member("a");
    await expect(npz.member("b")).rejects.toThrow(/a\.npz: holds "b" compressed.*numpy\.savez/);
  });

  it("notices a member that inflates to more than it claims", async () => {
    const bytes = encodeNpz({ bomb: { shape: [100_000], data: new Uint8Array(100_000) } }, true);
    const directory = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(directory + 24, 500, true);
    const npz = await open(bytes);
    const member = await npz.member("bomb");
    await expect(readBytes(member, 0, 500)).rejects.toMatchObject({
      code: "data-invalid",
      message: "a.npz (bomb): doesn't unpack to the 500 bytes that it claims",
    });
  });

  it("refuses two arrays of one name, of which one would stand for the other", async () => {
    const array = { shape: [1], data: Uint8Array.of(1) };
    const bytes = Buffer.from(encodeNpz({ aa: array, ab: array }));
    for (let at = bytes.indexOf("ab.npy"); at >= 0; at = bytes.indexOf("ab.npy", at)) bytes.write("aa", at);
    await expect(open(bytes)).rejects.toThrow('a.npz: holds two arrays "aa"');
  });

  it.each([
    ["another file", (_: Uint8Array) => new Uint8Array(100), /no \.npz archive/],
    ["an empty file", (_: Uint8Array) => new Uint8Array(), /no \.npz archive/],
    ["an archive cut short", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 30), /cut short/],
    ["an archive without its start", (bytes: Uint8Array) => bytes.subarray(50), /damaged zip directory/],
  ])("refuses %s", async (_, damage, message) => {
    const bytes = encodeNpz({ a: { shape: [3], data: Uint8Array.of(1, 2, 3) } });
    await expect(open(damage(bytes))).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ["encrypted members", 8, 1, /encrypted/],
    ["members of another method", 10, 14, /zip method 14/],
    ["members beyond the end", 20, 60_000, /cut short/],
  ])("refuses %s", async (_, offset, value, message) => {
    const bytes = encodeNpz({ a: { shape: [3], data: Uint8Array.of(1, 2, 3) } });
    const directory = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(bytes.buffer, bytes.byteOffset).setUint16(directory + offset, value, true);
    await expect((await open(bytes)).member("a")).rejects.toThrow(message);
  });
});
