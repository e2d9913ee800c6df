import { encodeNpy } from "../../../electron/engine/base/npy.ts";
import { formatExamples } from "../../../electron/engine/dataset/formats/testing/format-examples.ts";
import type { FuzzCase } from "../fuzz-case.ts";
import { fileEntry, type Tree, type TreeEntry } from "../tree.ts";
import { deflateBomb, zipBytes } from "../zip-bytes.ts";

async function changed(id: string, format: string, change: (tree: Tree) => void): Promise<FuzzCase> {
  const files = await formatExamples[format]();
  const tree: Tree = new Map(Object.entries(files).map(([name, bytes]) => [name, fileEntry(bytes)]));
  change(tree);
  return { kind: "data", open: "", tree, mutations: [id] };
}

/** Something special in place of an image. */
function instead(id: string, entry: TreeEntry): Promise<FuzzCase> {
  return changed(id, "image-folder", (tree) => tree.set([...tree.keys()][0], entry));
}

function arrays(id: string, members: Parameters<typeof zipBytes>[0]): Promise<FuzzCase> {
  return changed(id, "npz", (tree) => {
    tree.clear();
    tree.set("data.npz", fileEntry(zipBytes(members)));
  });
}

const labels = encodeNpy({ shape: [100], data: Uint8Array.from({ length: 100 }, (_, at) => at % 5) });

/** Data sets that did harm. */
export const knownDataSets: Readonly<Record<string, () => Promise<FuzzCase>>> = {
  "image-is-pipe": () => instead("image-is-pipe", { kind: "fifo" }),
  "image-is-device": () => instead("image-is-device", { kind: "link", target: "/dev/zero" }),
  "image-is-outside": () => instead("image-is-outside", { kind: "link", target: "../../../../canary.bin" }),
  "table-is-pipe": () =>
    changed("table-is-pipe", "image-table", (tree) => tree.set("labels.csv", { kind: "fifo" })),
  "array-is-pipe": () =>
    changed("array-is-pipe", "npz", (tree) => tree.set("train-images.npy", { kind: "fifo" })),
  "folder-is-outside": () =>
    changed("folder-is-outside", "image-folder", (tree) =>
      tree.set("train/class-2", { kind: "link", target: "../../.." }),
    ),
  "table-names-outside": () =>
    changed("table-names-outside", "image-table", (tree) =>
      tree.set("labels.csv", fileEntry("id,label\n../canary,0\n0,0\n1,1\n2,0\n3,1\n/dev/zero,1\n")),
    ),
  "classes-forge-lines": () =>
    changed("classes-forge-lines", "image-table", (tree) =>
      tree.set(
        "labels.csv",
        fileEntry("id,label\n0,\u001b[2K\u202eall is well\n1,b\n2,a\nnone\u001b[31m,a\n"),
      ),
    ),
  "labels-are-no-numbers": () =>
    changed("labels-are-no-numbers", "npz", (tree) =>
      tree.set(
        "train-labels.npy",
        fileEntry(
          encodeNpy({ shape: [6], data: Float32Array.of(0, Number.NaN, 1, Number.POSITIVE_INFINITY, 0, 1) }),
        ),
      ),
    ),
  "array-unpacks-to-3-gb": () =>
    arrays("array-unpacks-to-3-gb", [
      { name: "y.npy", bytes: labels },
      { name: "x.npy", bytes: new Uint8Array(), deflated: deflateBomb(3000), claimedBytes: 3000 * 2 ** 20 },
    ]),
  "array-lies-of-its-size": () =>
    arrays("array-lies-of-its-size", [
      { name: "y.npy", bytes: labels },
      { name: "x.npy", bytes: new Uint8Array(), deflated: deflateBomb(3000), claimedBytes: 19_328 },
    ]),
  "array-claims-10-tb": () =>
    changed("array-claims-10-tb", "npz", (tree) => {
      const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (10000000000000,), }\n";
      const header = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0];
      tree.set(
        "train-images.npy",
        fileEntry(Uint8Array.from([...header, ...new TextEncoder().encode(text)])),
      );
    }),
};
