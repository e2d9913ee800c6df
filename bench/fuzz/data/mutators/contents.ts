import { randomInteger } from "../../../../shared/base/random.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import type { Mutator } from "../../mutator.ts";
import { fileEntry } from "../../tree.ts";
import { byteMutators } from "../../wire/index.ts";
import { anyFile, type DataSubject } from "../data-subject.ts";

/** Flips, cuts or repeats bytes. */
export const damageFile: Mutator<DataSubject> = {
  id: "damage-file",
  mutate: (subject, random) => {
    const found = anyFile(subject, random);
    if (!found) return false;
    const wire = { bytes: found[1] };
    if (!pick(random, byteMutators).mutate(wire, random)) return false;
    subject.tree.set(found[0], fileEntry(wire.bytes));
    return true;
  },
};

/** A large number where a header says how much there is. */
export const headerNumber: Mutator<DataSubject> = {
  id: "header-number",
  mutate: (subject, random) => {
    const found = anyFile(subject, random);
    if (!found || found[1].length < 16) return false;
    const bytes = found[1].slice();
    const fromEnd = random() < 0.3;
    const at = randomInteger(random, Math.min(64, bytes.length - 8));
    const view = new DataView(bytes.buffer);
    const place = fromEnd ? bytes.length - 8 - at : at;
    const value = pick(random, [0, 1, 0x7fffffff, 0xffffffff, 0x80000000, 0x10000, 999_999]);
    view.setUint32(place, value, random() < 0.5);
    subject.tree.set(found[0], fileEntry(bytes));
    return true;
  },
};

export const swapFiles: Mutator<DataSubject> = {
  id: "swap-files",
  mutate: (subject, random) => {
    const [a, b] = [anyFile(subject, random), anyFile(subject, random)];
    if (!a || !b || a[0] === b[0]) return false;
    subject.tree.set(a[0], fileEntry(b[1]));
    subject.tree.set(b[0], fileEntry(a[1]));
    return true;
  },
};

export const otherContent: Mutator<DataSubject> = {
  id: "other-content",
  mutate: (subject, random) => {
    const found = anyFile(subject, random);
    if (!found) return false;
    const length = manyTimes(random, 4e7);
    const content = pick(random, [
      new Uint8Array(),
      new Uint8Array(length),
      new Uint8Array(length).fill(44),
      new Uint8Array(length).fill(34),
      new Uint8Array(length).fill(10),
      new TextEncoder().encode(
        '<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"><image href="../canary.bin"/></svg>',
      ),
    ]);
    subject.tree.set(found[0], fileEntry(content));
    return true;
  },
};
