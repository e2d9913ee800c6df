import { encodeNpz } from "../../../electron/engine/base/npz.ts";
import { formatExamples } from "../../../electron/engine/dataset/formats/testing/format-examples.ts";
import { randomInteger, seededRandom } from "../../../shared/base/random.ts";
import { fileEntry, type Tree } from "../tree.ts";

/** Sound data sets to start from: one of every format, and one large enough to be divided. */
export const seedData: readonly (() => Promise<Tree>)[] = [
  ...Object.values(formatExamples).map((example) => async () => treeOf(await example())),
  async () => treeOf(dividedArrays()),
  async () => treeOf(await namedImages()),
];

function treeOf(files: Readonly<Record<string, Uint8Array>>): Tree {
  return new Map(Object.entries(files).map(([name, bytes]) => [name, fileEntry(bytes)]));
}

export const dividedClasses = 5;

/** Images of 8x8 as `residualNet` takes them. */
function dividedArrays(): Record<string, Uint8Array> {
  const random = seededRandom(3);
  const count = 100;
  const data = Uint8Array.from({ length: count * 192 }, () => randomInteger(random, 256));
  const labels = Uint8Array.from({ length: count }, (_, image) => image % dividedClasses);
  const arrays = { x: { shape: [count, 8, 8, 3], data }, y: { shape: [count], data: labels } };
  return { "data.npz": encodeNpz(arrays) };
}

/** A table of names, labels and parts, and class names in a file of their own. */
async function namedImages(): Promise<Record<string, Uint8Array>> {
  const folder = await formatExamples["image-folder"]();
  const images = Object.entries(folder).map(
    ([name, bytes], at) => [`images/${at}.png`, bytes, name] as const,
  );
  const rows = images.map(([name, , from]) => `${name},${from.split("/").at(-2)},train`);
  const text = (value: string) => new TextEncoder().encode(value);
  return {
    ...Object.fromEntries(images.map(([name, bytes]) => [name, bytes])),
    "train.csv": text(`image,label,split\n${rows.join("\n")}\n`),
    "classes.txt": text("class-0\nclass-1\n"),
  };
}
