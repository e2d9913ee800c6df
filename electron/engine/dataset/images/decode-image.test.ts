import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodeImage, isImageName, isReadImage, openImage } from "./decode-image.ts";

const little = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, place) => (value / 256 ** place) & 255);

interface BmpParts {
  readonly size: readonly [width: number, height: number];
  readonly bits: number;
  readonly compression?: number;
  /** Masks or palette, between header and pixels. */
  readonly between?: readonly number[];
  readonly pixels: readonly number[];
}

/** A bitmap with Windows' header of 40 bytes. */
function bmp({ size: [width, height], bits, compression = 0, between = [], pixels }: BmpParts): Uint8Array {
  const start = 54 + between.length;
  const header = [
    ...little(40, 4),
    ...little(width, 4),
    ...little(height >>> 0, 4),
    1,
    0,
    ...little(bits, 2),
  ];
  const rest = [...little(compression, 4), ...new Array<number>(20).fill(0)];
  const file = [0x42, 0x4d, ...little(start + pixels.length, 4), 0, 0, 0, 0, ...little(start, 4)];
  return Uint8Array.from([...file, ...header, ...rest, ...between, ...pixels]);
}

const text = (characters: string) => new TextEncoder().encode(characters);
const gif = (...rest: number[]) => Uint8Array.from([...text("GIF89a"), ...rest]);

describe("decodeImage", () => {
  it("reads bitmaps from the top, of two bytes a pixel, and with masks", async () => {
    const topDown = bmp({ size: [1, -2], bits: 24, pixels: [1, 2, 3, 0, 4, 5, 6, 0] });
    expect(await decodeImage(topDown)).toMatchObject({ height: 2, data: Uint8Array.of(3, 2, 1, 6, 5, 4) });
    // 5 bits a colour: red 31, green 1, blue 16 of 31.
    const five = bmp({ size: [1, 1], bits: 16, pixels: [...little(0b0_11111_00001_10000, 2), 0, 0] });
    expect(await decodeImage(five)).toMatchObject({ data: Uint8Array.of(255, 8, 131) });
    const masks = [...little(0xf800, 4), ...little(0x07e0, 4), ...little(0x001f, 4)];
    const six = bmp({
      ...{ size: [1, 1], bits: 16, compression: 3, between: masks },
      pixels: [...little(0b00001_111111_00000, 2), 0, 0],
    });
    expect(await decodeImage(six)).toMatchObject({ data: Uint8Array.of(8, 255, 0) });
    const wideMasks = [...little(0xff000000, 4), ...little(0x00ff0000, 4), ...little(0x0000ff00, 4)];
    const wide = bmp({ size: [1, 1], bits: 32, compression: 3, between: wideMasks, pixels: [9, 30, 20, 10] });
    expect(await decodeImage(wide)).toMatchObject({ data: Uint8Array.of(10, 20, 30) });
  });

  it("reads OS/2's bitmaps, whose palettes have three bytes a colour", async () => {
    const header = [...little(12, 4), ...little(2, 2), ...little(1, 2), 1, 0, 1, 0];
    const file = [0x42, 0x4d, ...little(36, 4), 0, 0, 0, 0, ...little(32, 4)];
    const bytes = Uint8Array.from([...file, ...header, 1, 2, 3, 4, 5, 6, 0b01000000, 0, 0, 0]);
    expect(await decodeImage(bytes)).toEqual({
      width: 2,
      height: 1,
      channels: 3,
      data: Uint8Array.of(3, 2, 1, 6, 5, 4),
    });
  });

  it("reads PBM of digits without spaces, and comments anywhere in a header", async () => {
    const bits = await decodeImage(text("P1\n# bits\n3 # wide\n2\n101\n0 1 0"));
    expect(bits).toMatchObject({ channels: 1, data: Uint8Array.of(0, 255, 0, 255, 0, 255) });
  });

  it.each([
    ["a bitmap cut short", bmp({ size: [2, 2], bits: 24, pixels: [1, 2, 3] }), "is cut short"],
    ["a bitmap's header cut short", Uint8Array.of(0x42, 0x4d, 1), "is cut short"],
    ["a bitmap bomb", bmp({ size: [60_000, 60_000], bits: 1, pixels: [] }), /^claims 60000 x 60000 pixels/],
    [
      "a packed bitmap",
      bmp({ size: [1, 1], bits: 8, compression: 1, pixels: [] }),
      /by method 1: save it as PNG/,
    ],
    [
      "a colour beyond the palette",
      bmp({ size: [1, 1], bits: 8, between: [0, 0, 0, 0], pixels: [1, 0, 0, 0] }),
      "uses colour 1 of a palette of 1",
    ],
    ["a PPM cut short", text("P6 2 2 255 abc"), "is cut short"],
    ["a PPM of words", text("P3 1 1 255 red green"), /holds no number at byte 11/],
    ["a PGM bomb", text("P5 99999 99999 255 "), /^claims 99999 x 99999 pixels/],
    ["a PGM whose white is black", text("P5 1 1 0 a"), /white is 0/],
    ["a GIF cut short", gif(1, 0, 1, 0, 0, 0, 0), "is cut short"],
    ["a GIF bomb", gif(255, 255, 255, 255, 0, 0, 0), /^claims 65535 x 65535 pixels/],
    ["a GIF of no image", gif(1, 0, 1, 0, 0, 0, 0, 0x3b), "holds no image"],
    [
      "a GIF with a code that can't be",
      gif(1, 0, 1, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0b101, 0),
      /damaged|cut short/,
    ],
    ["text", text("no image"), /^is no PNG, JPEG, .* file, whatever its name says$/],
    [
      "an SVG, which may refer to other files",
      text('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><image href="/etc/passwd"/></svg>'),
      /^is no PNG, JPEG/,
    ],
    ["nothing", new Uint8Array(0), "is empty"],
    [
      "a line of a picture, of which each pixel of the outcome would be made of millions",
      text("P5 100000000 1 255 "),
      /^claims 100000000 x 1 pixels, expected at most 65535 along a side/,
    ],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(decodeImage(bytes)).rejects.toThrow(message);
  });

  it("tells images by their names, those that are read from the others", () => {
    expect(
      ["a.JPG", "b.pgm", "c.heic", "d.txt", "e"].map((name) => [isReadImage(name), isImageName(name)]),
    ).toEqual([
      [true, true],
      [true, true],
      [false, true],
      [false, false],
      [false, false],
    ]);
  });
});

/** A TIFF that states another size in its directory than the picture that sharp wrote. */
async function claimingTiff(width: number, height: number): Promise<Uint8Array> {
  const tiff = await sharp({ create: { width: 4, height: 4, channels: 3, background: "red" } })
    .tiff({ compression: "none" })
    .toBuffer();
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const directory = view.getUint32(4, true);
  for (let entry = 0; entry < view.getUint16(directory, true); entry++) {
    const at = directory + 2 + 12 * entry;
    const claimed = { 256: width, 257: height }[view.getUint16(at, true)];
    if (claimed !== undefined) view.setUint16(at + 8, claimed, true);
  }
  return tiff;
}

it("knows from the header what decoding takes, and refuses what is too much", async () => {
  // A TIFF may have to be held whole: twice three bytes a pixel for the outcome, three of two bytes for itself.
  expect((await openImage(await claimingTiff(1000, 2000))).decodingBytes).toBe(1000 * 2000 * 12);
  await expect(openImage(await claimingTiff(11_000, 11_000))).rejects.toThrow(
    "would take 1385 MiB to decode, expected at most 704 MiB: save it smaller",
  );
  const png = await sharp({ create: { width: 3, height: 5, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  expect((await openImage(png)).decodingBytes).toBe(3 * 5 * 6);
  const gif = Uint8Array.from(Buffer.from("R0lGODlhAgABAPAAAP8AAAAAACwAAAAAAgABAAACAgQKADs=", "base64"));
  expect((await openImage(gif)).decodingBytes).toBe(2 * 4);
});
