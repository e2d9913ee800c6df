import type { DatasetSource } from "../dataset-source.ts";
import type { RawImage, UnreadableImage } from "../images/raw-image.ts";
import type { Split } from "../splits/splits.ts";

/** For tests: a data set of images as they are decoded, and all of them in their order as its test split. */
export function rawImagesSource(
  images: readonly (RawImage | UnreadableImage)[],
  labels: readonly number[],
): readonly [DatasetSource, Split] {
  const all = Int32Array.from(labels);
  const source: DatasetSource = {
    path: "images",
    format: "test",
    classNames: Array.from(new Set(labels), String),
    parts: { all: { labels: all } },
    read: async (_, indices) => Array.from(indices, (index) => images[index]),
    locate: (_, index) => `images[${index}]`,
    notes: [],
    fingerprint: async () => "",
    close: async () => {},
  };
  return [source, { name: "test", part: "all", indices: all.map((_, index) => index), labels: all }];
}
