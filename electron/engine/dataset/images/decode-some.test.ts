import { expect, it } from "vitest";
import { decodeSome } from "./decode-some.ts";

const image = (bytes: number) => ({ width: bytes, height: 1, channels: 1, data: new Uint8Array(bytes) });

it("ends once the images take what they may, but not before four are decoded", async () => {
  const begun: number[] = [];
  const decode = async (at: number) => {
    begun.push(at);
    return image(at < 8 ? 1 : 100);
  };
  const some = await decodeSome(32, decode, 300);
  // Two fours of a byte each, then a four of 100 bytes each, which is more than 300.
  expect(some.map((one) => ("data" in one ? one.data.length : -1))).toEqual([
    1, 1, 1, 1, 1, 1, 1, 1, 100, 100, 100, 100,
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

it("decodes all of a few, and passes on what can't be decoded", async () => {
  const broken = { path: "1.png", reason: "is cut short" };
  const decode = async (at: number) => (at === 1 ? broken : image(1));
  expect(await decodeSome(5, decode, 2 ** 20)).toEqual([image(1), broken, image(1), image(1), image(1)]);
});
