import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileName } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import { fileEntry } from "../../tree.ts";
import { anyFile, type DataSubject } from "../data-subject.ts";

/** A file or its folder under a hostile name; the ending stays. */
export const renameFile: Mutator<DataSubject> = {
  id: "rename-file",
  mutate: (subject, random) => {
    const found = anyFile(subject, random);
    if (!found) return false;
    const [name, bytes] = found;
    const safe = hostileName(random).replaceAll("/", "_").slice(0, 200);
    const parts = name.split("/");
    const at = parts.length - 1 - (parts.length > 1 && random() < 0.5 ? 1 : 0);
    const ending = at === parts.length - 1 ? (/\.[^.]*$/.exec(name)?.[0] ?? "") : "";
    parts[at] = `${safe}${ending}`;
    subject.tree.delete(name);
    subject.tree.set(parts.join("/"), fileEntry(bytes));
    return true;
  },
};

export const deleteFile: Mutator<DataSubject> = {
  id: "delete-file",
  mutate: ({ tree }, random) => (tree.size > 1 ? tree.delete(pick(random, [...tree.keys()])) : false),
};

/** Many copies of a file, beside it or in folders of their own. */
export const manyFiles: Mutator<DataSubject> = {
  id: "many-files",
  mutate: (subject, random) => {
    const found = anyFile(subject, random);
    if (!found) return false;
    const [name, bytes] = found;
    const parts = name.split("/");
    const file = parts.pop()!;
    const inFolders = random() < 0.5;
    for (let at = manyTimes(random, 500); at > 0; at--)
      subject.tree.set(
        [...parts, inFolders ? `copy${at}/${file}` : `copy${at}-${file}`].join("/"),
        fileEntry(bytes),
      );
    return true;
  },
};

export const deepFolders: Mutator<DataSubject> = {
  id: "deep-folders",
  mutate: (subject, random) => {
    const found = anyFile(subject, random);
    if (!found) return false;
    const path = "d/".repeat(manyTimes(random, 300));
    subject.tree.set(`${random() < 0.5 ? "train/" : ""}${path}${found[0]}`, fileEntry(found[1]));
    return true;
  },
};

const otherEndings = [
  ".npz",
  ".npy",
  ".csv",
  ".tsv",
  ".parquet",
  ".png",
  ".jpg",
  ".gif",
  ".bmp",
  ".svg",
  ".bin",
  ".txt",
];

/** One kind of file named as another. */
export const otherEnding: Mutator<DataSubject> = {
  id: "other-ending",
  mutate: (subject, random) => {
    const found = anyFile(subject, random);
    if (!found) return false;
    subject.tree.delete(found[0]);
    subject.tree.set(found[0].replace(/(\.[^./]*)?$/, pick(random, otherEndings)), fileEntry(found[1]));
    return true;
  },
};
