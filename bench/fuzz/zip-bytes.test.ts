import { inflateRawSync } from "node:zlib";
import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { deflateBomb, zipBytes } from "./zip-bytes.ts";

it("writes archives that others read, stored and deflated", () => {
  const bytes = Uint8Array.from({ length: 500 }, (_, at) => at % 7);
  const archive = zipBytes([
    { name: "a", bytes },
    { name: "folder/b", bytes, deflate: true },
  ]);
  expect(unzipSync(archive)).toEqual({ a: bytes, "folder/b": bytes });
  expect(archive.length).toBeLessThan(1000);
});

it("a bomb unpacks to as much as it says", () => {
  const bomb = deflateBomb(5, 32);
  expect(bomb.length).toBeLessThan(10_000);
  const unpacked = inflateRawSync(bomb);
  expect(unpacked.length).toBe(5 * 2 ** 20);
  expect([unpacked[0], unpacked.at(-1)]).toEqual([32, 32]);
});
