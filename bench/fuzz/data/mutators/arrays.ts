import { encodeNpy, type NpyData } from "../../../../electron/engine/base/npy.ts";
import { encodeNpz } from "../../../../electron/engine/base/npz.ts";
import { type Random, randomInteger } from "../../../../shared/base/random.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileName, hostileNumber, hostileSmallInteger } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import { fileEntry } from "../../tree.ts";
import { deflateBomb, zipBytes } from "../../zip-bytes.ts";
import { type DataSubject, filesIn } from "../data-subject.ts";

/** An array of another type or shape, or of values that no label or pixel has. */
export const otherArray: Mutator<DataSubject> = {
  id: "other-array",
  mutate: (subject, random) => {
    const arrays = filesIn(subject).filter(([name]) => name.endsWith(".npy"));
    if (arrays.length === 0) return false;
    subject.tree.set(pick(random, arrays)[0], fileEntry(anyArray(random)));
    return true;
  },
};

function anyArray(random: Random): Uint8Array {
  const shape = pick(random, [
    [],
    [0],
    [1],
    [6],
    [6, 0],
    [6, 1],
    [6, 32],
    [6, 1, 1, 1, 1, 1, 1, 1],
    [1, 6],
    [6, 8, 8, 3],
  ]);
  const length = shape.reduce((product, dim) => product * dim, 1);
  const make = pick<() => NpyData>(random, [
    () => Float32Array.from({ length }, () => hostileNumber(random)),
    () => Float64Array.from({ length }, () => hostileNumber(random)),
    () => Int32Array.from({ length }, () => hostileSmallInteger(random)),
    () => BigInt64Array.from({ length }, () => BigInt(hostileSmallInteger(random))),
    () => Uint8Array.from({ length }, () => randomInteger(random, 256)),
  ]);
  return encodeNpy({ shape, data: make() });
}

const descriptions = ["|u1", "<f4", "<f8", "|O", "<U4", "<U1000000", ">i8", "|S0", "<M8[ns]", "|V16"];
const shapes = [
  "(6, 32, 32)",
  "(99999999999, 99999999999)",
  "(4294967296,)",
  "(-1,)",
  "(0,)",
  "()",
  `(${"1,".repeat(500)})`,
  "(1e9,)",
];

/** A header of any claim before few bytes. */
export const hostileHeader: Mutator<DataSubject> = {
  id: "hostile-header",
  mutate: (subject, random) => {
    const arrays = filesIn(subject).filter(([name]) => name.endsWith(".npy"));
    if (arrays.length === 0) return false;
    const order = pick(random, ["True", "False", "None"]);
    const text = `{'descr': '${pick(random, descriptions)}', 'fortran_order': ${order}, 'shape': ${pick(random, shapes)}, }\n`;
    const header = new TextEncoder().encode(text);
    const length = pick(random, [header.length, header.length, 65_535, 0]);
    const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8];
    const data = new Uint8Array(manyTimes(random, 10_000));
    subject.tree.set(pick(random, arrays)[0], fileEntry(Uint8Array.from([...magic, ...header, ...data])));
    return true;
  },
};

/** An archive of arrays in place of what there was: damaged, of hostile names, or one that unpacks to gigabytes. */
export const arrayArchive: Mutator<DataSubject> = {
  id: "array-archive",
  mutate: (subject, random) => {
    const name = filesIn(subject).find(([own]) => own.endsWith(".npz"))?.[0];
    if (name === undefined && random() < 0.8) return false;
    const mebibytes = manyTimes(random, 3000);
    const images = { shape: [100, 8, 8, 3], data: new Uint8Array(19_200) };
    const labels = { shape: [100], data: Uint8Array.from({ length: 100 }, () => randomInteger(random, 300)) };
    const made = pick(random, [
      () => encodeNpz({ x: images, y: labels }, random() < 0.5),
      () => encodeNpz({ [hostileName(random)]: images, y: labels }),
      () => zipBytes(["x.npy", "y.npy"].map((member) => ({ name: member, bytes: anyArray(random) }))),
      () =>
        zipBytes([
          { name: "y.npy", bytes: encodeNpy(labels) },
          {
            name: "x.npy",
            bytes: new Uint8Array(),
            deflated: deflateBomb(mebibytes),
            claimedBytes: pick(random, [0, 19_328, mebibytes * 2 ** 20]),
          },
        ]),
    ])();
    subject.tree.set(name ?? "data.npz", fileEntry(made));
    return true;
  },
};
