import { expect, it } from "vitest";
import type { OpenedImage } from "./decode-image.ts";
import { decodeSome } from "./decode-some.ts";

const image = (bytes: number) => ({ width: bytes, height: 1, channels: 1, data: new Uint8Array(bytes) });

/** Images of some sizes, and the most bytes that were being decoded at a time. */
function opener(sizeOf: (at: number) => number) {
  const seen = { atOnce: 0, most: 0, opened: 0 };
  const open = async (at: number): Promise<OpenedImage> => {
    seen.opened++;
    const decode = async () => {
      seen.atOnce += sizeOf(at);
      seen.most = Math.max(seen.most, seen.atOnce);
      await Promise.resolve();
      seen.atOnce -= sizeOf(at);
      return image(sizeOf(at));
    };
    return { decodingBytes: sizeOf(at), decode };
  };
  return { open, seen };
}

const lengths = (images: readonly object[]) =>
  images.map((one) => ("data" in one ? (one.data as Uint8Array).length : -1));

it("ends before the images take more than they may", async () => {
  const { open, seen } = opener((at) => (at < 8 ? 1 : 100));
  // Two fours of a byte each, then of 292 bytes that are left two images.
  expect(lengths(await decodeSome(32, open, 300))).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 100, 100]);
  expect(seen.most).toBe(200);
});

it("decodes one image at least, however large, and then no other beside it", async () => {
  const { open, seen } = opener(() => 500);
  expect(lengths(await decodeSome(8, open, 300))).toEqual([500]);
  expect(seen).toMatchObject({ most: 500, opened: 4 });
});

it("opens each image once, though not all of four are decoded together", async () => {
  const { open, seen } = opener(() => 100);
  expect(lengths(await decodeSome(5, open, 350))).toEqual([100, 100, 100]);
  expect(seen.opened).toBe(5);
});

it("decodes all of a few, and passes on what can't be decoded", async () => {
  const broken = { path: "1.png", reason: "is cut short" };
  const open = async (at: number) => ({
    decodingBytes: 1,
    decode: async () => (at === 1 ? broken : image(1)),
  });
  expect(await decodeSome(5, open, 2 ** 20)).toEqual([image(1), broken, image(1), image(1), image(1)]);
});
