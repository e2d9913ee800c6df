import { extname } from "node:path";
import { formatCount } from "../../../shared/base/format-number.ts";
import { isImageName } from "./images/decode-image.ts";

const MAX_NAMED = 4;

/** Counts what is in a data set but isn't read, so that it can be reported. */
export class LeftOut {
  readonly #byExtension = new Map<string, number>();
  readonly #folders = new Map<string, Set<string>>();

  /** A file that is no image, or of a kind that isn't read. */
  addFile(name: string): void {
    const extension = extname(name).toLowerCase();
    this.#byExtension.set(extension, (this.#byExtension.get(extension) ?? 0) + 1);
  }

  /** @param why the end of a sentence that names the folders */
  addFolder(path: string, why: string): void {
    const alike = this.#folders.get(why) ?? new Set();
    this.#folders.set(why, alike.add(path));
  }

  /** Counts and kinds of the files that were left out: "480 .heic, 2 .txt". */
  kinds(): string {
    return this.#mostFrequentFirst()
      .map(([extension, count]) => `${formatCount(count)} ${kindName(extension)}`)
      .join(", ");
  }

  /**
   * One sentence a kind.
   * @param read number of images that are read
   */
  notes(read: number): string[] {
    const kinds = this.#mostFrequentFirst();
    const all = kinds.reduce((sum, [, count]) => sum + count, read);
    const files = kinds.map(([extension, count]) => {
      const share = `${formatCount(count)} of ${formatCount(all)} files ${count === 1 ? "is" : "are"}`;
      const name = kindName(extension);
      return isImageName(`x${extension}`)
        ? `${share} ${name}, a kind of image that isn't read, and left out: convert to PNG or JPEG`
        : `${share} ${name}, no image by name, and left out`;
    });
    const folders = [...this.#folders].map(([why, paths]) => {
      const more = paths.size > MAX_NAMED ? ` and ${formatCount(paths.size - MAX_NAMED)} more` : "";
      return `left out: ${[...paths].slice(0, MAX_NAMED).join(", ")}${more}, ${why}`;
    });
    return [...files, ...folders];
  }

  #mostFrequentFirst(): [string, number][] {
    return [...this.#byExtension].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
}

function kindName(extension: string): string {
  return extension === "" ? "without an extension" : extension;
}
