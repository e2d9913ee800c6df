import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { type ByteRange, type OpenFiles, readBytes, withOpenFiles } from "../../base/byte-range.ts";
import { filesIn, pathKind } from "../../base/paths.ts";
import { type ArrayPart, arraySource, interleave } from "../arrays/array-source.ts";
import { concatRows, rowsOf } from "../arrays/rows.ts";
import { checkLabels, readClassNames } from "../classes/class-names.ts";
import { joined } from "../classes/labels.ts";
import { checkImageCount, type DatasetFormat, type PartName } from "../dataset-source.ts";

/**
 * CIFAR-10 and CIFAR-100 in their binary version: records of one label byte (CIFAR-100: coarse, then fine) and three
 * planes of 32x32 bytes.
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 */
export const cifarFormat: DatasetFormat = {
  id: "cifar",
  title: "CIFAR binary files",
  layout: "a folder of CIFAR's binary files (data_batch_1.bin to test_batch.bin, or train.bin and test.bin)",
  detect: async (path) => (await pathKind(path)) === "folder" && (await findVariant(path)) !== undefined,
  open: (path, job) =>
    withOpenFiles(path, async (open) => {
      const found = await findVariant(path);
      if (found === undefined) throw new AppError("data-invalid", `${path}: holds no CIFAR files`);
      const { variant, names } = found;
      const files: string[] = [];
      const parts: Partial<Record<PartName, ArrayPart>> = {};
      for (const [part, inPart] of names) {
        const paths = inPart.map((name) => join(path, name));
        files.push(...paths);
        parts[part] = await cifarPart(paths, variant, open, job);
      }
      const classNames = (await readClassNames(join(path, variant.namesFile), path)) ?? variant.classNames;
      return arraySource({ path, format: cifarFormat.id, classNames, parts, files, open });
    }),
};

interface Variant {
  readonly train: RegExp;
  readonly test: RegExp;
  readonly labelBytes: number;
  readonly namesFile: string;
  readonly classNames: readonly string[];
}

const PIXEL_BYTES = 3 * 32 * 32;
export const CIFAR_10_CLASSES = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");

const VARIANTS: readonly Variant[] = [
  {
    train: /^data_batch_\d+\.bin$/,
    test: /^test_batch\.bin$/,
    labelBytes: 1,
    namesFile: "batches.meta.txt",
    classNames: CIFAR_10_CLASSES,
  },
  {
    train: /^train\.bin$/,
    test: /^test\.bin$/,
    labelBytes: 2,
    namesFile: "fine_label_names.txt",
    classNames: Array.from({ length: 100 }, (_, label) => String(label)),
  },
];

interface FoundVariant {
  readonly variant: Variant;
  readonly names: ReadonlyMap<PartName, readonly string[]>;
}

async function findVariant(path: string): Promise<FoundVariant | undefined> {
  const files = await filesIn(path, /\.bin$/);
  for (const variant of VARIANTS) {
    const names = new Map<PartName, readonly string[]>();
    for (const part of ["train", "test"] as const) {
      const inPart = files.filter((name) => variant[part].test(name));
      if (inPart.length > 0) names.set(part, inPart);
    }
    if (names.size > 0) return { variant, names };
  }
  return undefined;
}

async function cifarPart(
  paths: readonly string[],
  variant: Variant,
  open: OpenFiles,
  job: Job,
): Promise<ArrayPart> {
  const { labelBytes } = variant;
  const rowBytes = labelBytes + PIXEL_BYTES;
  const files: ByteRange[] = [];
  for (const path of paths) files.push(await open.open(path));
  const labels: Int32Array[] = [];
  for (const file of files) {
    checkLength(file, rowBytes);
    checkImageCount(file.where, file.length / rowBytes);
    const inFile = await readLabels(file, labelBytes, job);
    checkLabels(inFile, variant.classNames.length, file.where);
    labels.push(inFile);
  }
  const where = paths.length === 1 ? paths[0] : `${paths[0]} and ${paths.length - 1} more`;
  return {
    imagesAt: where,
    labelsAt: where,
    labels: joined(labels),
    rows: concatRows(files.map((file) => rowsOf(file, rowBytes, file.length / rowBytes))),
    decode: (row) => ({ width: 32, height: 32, channels: 3, data: interleave(row.subarray(labelBytes), 3) }),
  };
}

function checkLength(file: ByteRange, rowBytes: number): void {
  if (file.length > 0 && file.length % rowBytes === 0) return;
  throw new AppError(
    "data-invalid",
    `${file.where}: is ${file.length} bytes long, expected a multiple of ${rowBytes} (label and 32x32 RGB image): is it cut short?`,
  );
}

/** The last label byte of each record: the class, or CIFAR-100's fine class. */
async function readLabels(file: ByteRange, labelBytes: number, job: Job): Promise<Int32Array> {
  const rowBytes = labelBytes + PIXEL_BYTES;
  const labels: number[] = [];
  for (let start = 0; start < file.length; start += 1000 * rowBytes) {
    const bytes = await readBytes(file, start, Math.min(1000 * rowBytes, file.length - start));
    for (let at = labelBytes - 1; at < bytes.length; at += rowBytes) labels.push(bytes[at]);
    await job.pause();
  }
  return Int32Array.from(labels);
}
