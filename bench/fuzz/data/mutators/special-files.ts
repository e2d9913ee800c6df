import { pick } from "../../drawing/draw.ts";
import type { Mutator } from "../../mutator.ts";
import type { TreeEntry } from "../../tree.ts";
import type { DataSubject } from "../data-subject.ts";

const specials: readonly TreeEntry[] = [
  { kind: "fifo" },
  { kind: "link", target: "../canary.bin" },
  { kind: "link", target: "../../canary.bin" },
  { kind: "link", target: "/dev/zero" },
  { kind: "link", target: "/dev/stdin" },
  { kind: "link", target: "loop" },
  { kind: "link", target: "." },
  { kind: "link", target: ".." },
  { kind: "link", target: "nothing" },
  { kind: "link", target: "/" },
];

/** Something that is no regular file in a file's place. */
export const specialFile: Mutator<DataSubject> = {
  id: "special-file",
  mutate: ({ tree }, random) => {
    if (tree.size === 0) return false;
    tree.set(pick(random, [...tree.keys()]), pick(random, specials));
    return true;
  },
};

/** And one beside them. */
export const extraSpecialFile: Mutator<DataSubject> = {
  id: "extra-special-file",
  mutate: ({ tree }, random) => {
    const extensions = [...tree.keys()].map((name) => name.slice(name.lastIndexOf(".")));
    const folder = pick(random, ["", "train/", "train/class-0/", "images/"]);
    tree.set(`${folder}loop${pick(random, ["", ...extensions])}`, pick(random, specials));
    return true;
  },
};
