import type { DatasetSource } from "./dataset-source.ts";
import { countFromOne, fromOneNote } from "./labels.ts";

/**
 * A data set whose labels count from 1, moved to 0: only the model's number of classes tells that no class 0 is missing,
 * so it is decided here and not where the data set is opened.
 * @param classes number of scores that the model gives
 */
export function numberedFromZero(source: DatasetSource, classes: number): DatasetSource {
  const labels = Object.values(source.parts).map((part) => part.labels);
  if (source.classNames.length !== classes + 1 || !countFromOne(labels, classes)) return source;
  const parts = Object.entries(source.parts).map(([name, part]) => [
    name,
    { ...part, labels: part.labels.map((label) => label - 1) },
  ]);
  return {
    ...source,
    classNames: source.classNames.slice(1),
    parts: Object.fromEntries(parts),
    notes: [...source.notes, fromOneNote(classes)],
  };
}
