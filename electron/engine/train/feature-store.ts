import { closeSync, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";

/** What a feature folder states about itself, in `features.json`. */
const featureMetaSchema = z.object({
  /** Of the images as they are. */
  rows: z.number().int(),
  /** Further versions of the rows that heads learn from; they follow one after the other. */
  copies: z.number().int(),
  classes: z.number().int(),
  /** Width of each stored result, by its key (see `featureKey`). */
  widths: z.record(z.string(), z.number().int()),
});

export type FeatureMeta = z.infer<typeof featureMetaSchema>;

export const featureFiles = { meta: "features.json", labels: "labels.i64", teacher: "teacher.f32" } as const;

/** Name of a pooled result of a cut point: the key of its width, and its file is `key + ".f16"`. */
export function featureKey(cutIndex: number, output: string): string {
  return `${cutIndex}.${output}`;
}

/** Share of the rows, the last ones, that tells which epoch is the best. */
export const heldOutShare = 0.1;

/** How many rows heads learn from, of all that there are; the first ones. */
export function learntRows(rows: number): number {
  return Math.max(1, Math.floor(rows * (1 - heldOutShare)));
}

/** Rows that are stored for so many images. */
export function storedRows(rows: number, copies: number): number {
  return rows + copies * learntRows(rows);
}

/** Rows of one head's features, as views into memory that stays valid until the next window is loaded. */
export interface FeatureWindow {
  readonly start: number;
  readonly rows: number;
  /** float16 bits, row-major [rows, width], one array per pooled result. */
  readonly features: readonly Uint16Array[];
}

/** Reads features row-wise under a byte budget; a window that holds all rows is read once. */
export class FeatureReader {
  /** Of the images as they are. */
  readonly rows: number;
  /** Versions of each row to learn from, the image itself among them. */
  readonly versions: number;
  readonly classes: number;
  readonly widths: readonly number[];
  readonly labels: BigInt64Array;
  /** The backbone's logits, row-major [rows, classes]; like labels of all versions. */
  readonly teacher: Float32Array;
  readonly windowRows: number;
  private readonly files: readonly number[];
  private readonly buffers: readonly Uint16Array[];
  private loaded: FeatureWindow | undefined;

  private constructor(
    folder: string,
    meta: FeatureMeta,
    keys: readonly string[],
    labels: BigInt64Array,
    teacher: Float32Array,
    budgetBytes: number,
  ) {
    this.rows = meta.rows;
    this.versions = 1 + meta.copies;
    this.classes = meta.classes;
    this.labels = labels;
    this.teacher = teacher;
    this.widths = keys.map((key) => meta.widths[key]);
    const rowBytes = 2 * this.widths.reduce((sum, width) => sum + width, 0);
    this.windowRows = Math.max(1, Math.min(this.rows, Math.floor(budgetBytes / rowBytes)));
    this.files = keys.map((key) => openSync(join(folder, `${key}.f16`), "r"));
    this.buffers = this.widths.map((width) => new Uint16Array(this.windowRows * width));
  }

  static async open(
    folder: string,
    cutIndex: number,
    outputs: readonly string[],
    budgetBytes: number,
  ): Promise<FeatureReader> {
    const meta = featureMetaSchema.parse(JSON.parse(await readFile(join(folder, featureFiles.meta), "utf8")));
    const labels = await readFile(join(folder, featureFiles.labels));
    const teacher = await readFile(join(folder, featureFiles.teacher));
    return new FeatureReader(
      folder,
      meta,
      outputs.map((output) => featureKey(cutIndex, output)),
      new BigInt64Array(new Uint8Array(labels).buffer),
      new Float32Array(new Uint8Array(teacher).buffer),
      budgetBytes,
    );
  }

  /** Where a version's rows begin, of which heads learn from `learntRows`. */
  startOf(version: number): number {
    return version === 0 ? 0 : storedRows(this.rows, version - 1);
  }

  /** Loads the rows from `start` on, as many as fit. */
  window(start: number): FeatureWindow {
    if (this.loaded?.start === start) return this.loaded;
    const rows = Math.min(this.windowRows, storedRows(this.rows, this.versions - 1) - start);
    const features = this.buffers.map((buffer, index) => {
      const width = this.widths[index];
      const view = buffer.subarray(0, rows * width);
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      for (let read = 0; read < bytes.length; ) {
        const count = readSync(this.files[index], bytes, read, bytes.length - read, 2 * start * width + read);
        if (count === 0)
          throw new AppError("file-invalid", "a feature file is shorter than its description says");
        read += count;
      }
      return view;
    });
    this.loaded = { start, rows, features };
    return this.loaded;
  }

  close(): void {
    for (const file of this.files) closeSync(file);
  }
}
