import type { DatasetSource } from "../dataset-source.ts";
import { fromOneNote, movedToZero } from "./labels.ts";

/**
 * A data set whose labels count from 1, moved to 0: only the model's number of classes tells that no class 0 is missing,
 * so it is decided here and not where the data set is opened.
 * @param classes number of scores that the model gives
 */
export function numberedFromZero(source: DatasetSource, classes: number): DatasetSource {
  if (source.classNames.length !== classes + 1) return source;
  const parts = movedToZero(source.parts, classes);
  if (parts === undefined) return source;
  return {
    ...source,
    classNames: source.classNames.slice(0, classes),
    parts,
    notes: [...source.notes, fromOneNote(classes)],
  };
}
