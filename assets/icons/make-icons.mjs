// Renders icon.svg to what the platforms want: PNG (Linux), icon.ico (Windows) and icon.icns (macOS). Run it after a
// change of icon.svg: node assets/icons/make-icons.mjs
import { readFileSync, writeFileSync } from "node:fs";
import sharp from "sharp";

const here = new URL(".", import.meta.url);
const drawing = readFileSync(new URL("icon.svg", here));
const drawingPixels = 1024;
const pointsPerInch = 72;

/** @param {number} pixels */
const render = (pixels) =>
  sharp(drawing, { density: (pointsPerInch * pixels) / drawingPixels })
    .resize(pixels, pixels)
    .png({ compressionLevel: 9 })
    .toBuffer();

const sizes = [16, 32, 48, 64, 128, 256, 512, 1024];
/** @type {Map<number, Buffer>} */
const pictures = new Map();
for (const pixels of sizes) pictures.set(pixels, await render(pixels));
for (const [pixels, png] of pictures) writeFileSync(new URL(`${pixels}x${pixels}.png`, here), png);

/**
 * A Windows icon: a directory of 16 bytes a picture, then the PNG files; 256 is written as 0.
 * @param {number[]} sides
 */
function ico(sides) {
  const header = Buffer.alloc(6 + 16 * sides.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sides.length, 4);
  let offset = header.length;
  sides.forEach((pixels, index) => {
    const at = 6 + 16 * index;
    const { length } = pictures.get(pixels);
    header.writeUInt8(pixels % 256, at);
    header.writeUInt8(pixels % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += length;
  });
  return Buffer.concat([header, ...sides.map((pixels) => pictures.get(pixels))]);
}

/**
 * A macOS icon: chunks of type, length and PNG file.
 * @param {[type: string, pixels: number][]} kinds
 */
function icns(kinds) {
  const chunks = kinds.map(([type, pixels]) => {
    const png = pictures.get(pixels);
    const head = Buffer.alloc(8);
    head.write(type, "latin1");
    head.writeUInt32BE(8 + png.length, 4);
    return Buffer.concat([head, png]);
  });
  const head = Buffer.alloc(8);
  head.write("icns", "latin1");
  head.writeUInt32BE(
    chunks.reduce((sum, chunk) => sum + chunk.length, 8),
    4,
  );
  return Buffer.concat([head, ...chunks]);
}

writeFileSync(new URL("icon.ico", here), ico([16, 32, 48, 64, 128, 256]));
writeFileSync(
  new URL("icon.icns", here),
  icns([
    ["ic11", 32],
    ["ic12", 64],
    ["ic07", 128],
    ["ic13", 256],
    ["ic08", 256],
    ["ic14", 512],
    ["ic09", 512],
    ["ic10", 1024],
  ]),
);
