import { join } from "node:path";
import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { encodeNpy } from "../../base/npy.ts";
import { encodeNpz } from "../../base/npz.ts";
import type { DatasetSource } from "../dataset-source.ts";
import { openDataset } from "../open/open-dataset.ts";
import { type ClassSources, orderClasses } from "./order-classes.ts";

/** A folder with an image per class, and other files. */
async function folderOf(classes: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  return temporaryFolder({ ...Object.fromEntries(classes.map((name) => [`${name}/x.png`, png])), ...files });
}

/** An array file with these labels, and other files beside it. */
async function arrayOf(labels: readonly number[], files: Readonly<Record<string, string>> = {}) {
  const arrays = {
    x: { shape: [labels.length, 1, 1], data: new Uint8Array(labels.length) },
    y: { shape: [labels.length], data: Int32Array.from(labels) },
  };
  return join(await temporaryFolder({ "a.npz": encodeNpz(arrays), ...files }), "a.npz");
}

const opened: DatasetSource[] = [];

afterEach(() => Promise.all(opened.splice(0).map((source) => source.close())));

async function ordered(path: string, sources: Partial<ClassSources> & { classes: number }) {
  const source = await openDataset(path);
  opened.push(source);
  return orderClasses(source, path, { metadata: [], ...sources });
}

/** Class name of every image's folder, by its label: what a right order keeps together. */
function namedLabels({ parts, locate }: DatasetSource): [string, number][] {
  return [...parts.all!.labels].map((label, index) => [locate("all", index).split("/")[0], label]);
}

const chosen = (names: readonly string[]) => ({ chosen: { names, from: "list.txt" } });
const metadata = (...names: string[]) => ({ metadata: [{ key: "names", names }] });

describe("orderClasses", () => {
  it("keeps the data's own order if nothing says otherwise", async () => {
    const folders = await ordered(await folderOf(["b", "a"]), { classes: 2 });
    expect(folders.classOrder).toEqual({ source: "code points", detail: "" });
    expect(folders.source.classNames).toEqual(["a", "b"]);
    const arrays = await ordered(await arrayOf([1, 0, 2]), { classes: 3 });
    expect(arrays.classOrder).toEqual({ source: "labels", detail: "" });
    expect(arrays.source.classNames).toEqual(["0", "1", "2"]);
  });

  it("takes labels from 1 up to the number of classes as labels from 0, and says so", async () => {
    const path = await arrayOf([2, 1, 2], { "classes.txt": "cat\ndog\n" });
    const { source, classOrder } = await ordered(path, { classes: 2 });
    expect(source.parts.all?.labels).toEqual(Int32Array.of(1, 0, 1));
    expect(source.classNames).toEqual(["cat", "dog"]);
    expect(source.notes).toEqual(["labels run from 1 to 2 and none is 0: they are taken as classes 0 to 1"]);
    expect(classOrder).toEqual({ source: "file", detail: "classes.txt" });
    const fromZero = await ordered(path, { classes: 3, ...chosen(["ox", "cat", "dog"]) });
    expect(fromZero.source.parts.all?.labels).toEqual(Int32Array.of(2, 1, 2));
  });

  it("finds the names of a table or of arrays in a list, which may hold more", async () => {
    const table = await temporaryFolder({
      "labels.csv": "file,class\na.pgm,cat\nb.pgm,dog\n",
      "a.pgm": "P2 1 1 255 1",
      "b.pgm": "P2 1 1 255 2",
      "classes.txt": "dog\ncat\nox\n",
    });
    expect((await ordered(table, { classes: 3 })).source.parts.all?.labels).toEqual(Int32Array.of(1, 0));
    const drawing = (shade: number) => encodeNpy({ shape: [1, 2, 2], data: new Uint8Array(4).fill(shade) });
    const drawings = { "cat.npy": drawing(1), "dog.npy": drawing(2), "classes.txt": "dog\ncat\nox\n" };
    const perClass = await ordered(await temporaryFolder(drawings), { classes: 3 });
    expect(perClass.source.parts.all?.labels).toEqual(Int32Array.of(1, 0));
    expect(await perClass.source.read("all", [1])).toMatchObject([{ data: { 0: 2 } }]);
  });

  it.each([
    ["classes.txt", "b\na\n"],
    ["labels.txt", "0: b\n1: a\n"],
    ["class_to_idx.json", '{"a": 1, "b": 0}'],
  ])("takes the order of %s in the data's folder", async (name, text) => {
    const { source, classOrder } = await ordered(await folderOf(["a", "b"], { [name]: text }), {
      classes: 2,
    });
    expect(classOrder).toEqual({ source: "file", detail: name });
    expect(source.classNames).toEqual(["b", "a"]);
    expect(namedLabels(source)).toEqual([
      ["a", 1],
      ["b", 0],
    ]);
  });

  it.each(["a.classes.txt", "classes.txt", "a.class_to_idx.json"])(
    "names an array's labels by %s",
    async (name) => {
      const text = name.endsWith("json") ? '["cat", "dog"]' : "cat\ndog\n";
      const { source, classOrder } = await ordered(await arrayOf([1, 0], { [name]: text }), { classes: 2 });
      expect(classOrder).toEqual({ source: "file", detail: name });
      expect(source.classNames).toEqual(["cat", "dog"]);
      expect(source.parts.all!.labels).toEqual(Int32Array.of(1, 0));
    },
  );

  it("goes by the person's list, then the project's, then the file, then the metadata", async () => {
    const path = await folderOf(["a", "b", "c"], { "classes.txt": "c\na\nb\n" });
    const names = metadata("b", "c", "a");
    const stored = ["a", "c", "b"];
    const by = async (sources: Partial<ClassSources>) => {
      const { source, classOrder } = await ordered(path, { classes: 3, ...sources });
      return [classOrder.source, ...source.classNames];
    };
    expect(await by({ ...chosen(["c", "b", "a"]), stored, ...names })).toEqual(["--classes", "c", "b", "a"]);
    expect(await by({ stored, ...names })).toEqual(["stored", "a", "c", "b"]);
    expect(await by(names)).toEqual(["file", "c", "a", "b"]);
    const bare = await ordered(await folderOf(["a", "b", "c"]), { classes: 3, ...names });
    expect(bare.classOrder).toEqual({ source: "metadata", detail: "names" });
    expect(namedLabels(bare.source)).toEqual([
      ["a", 2],
      ["b", 0],
      ["c", 1],
    ]);
  });

  it("leaves metadata aside that names other classes, spells them otherwise or is of another number", async () => {
    for (const names of [metadata("a", "x"), metadata("A", "b"), metadata("b", "a", "c")]) {
      const { classOrder } = await ordered(await folderOf(["a", "b"]), { classes: 2, ...names });
      expect(classOrder.source).toBe("code points");
    }
  });

  it("finds a part of the model's classes in a longer list", async () => {
    const path = await folderOf(["n3", "n1"]);
    for (const sources of [chosen(["n0", "n1", "n2", "n3"]), metadata("n0", "n1", "n2", "n3")]) {
      const { source } = await ordered(path, { classes: 4, ...sources });
      expect(source.classNames).toEqual(["n0", "n1", "n2", "n3"]);
      expect(namedLabels(source)).toEqual([
        ["n1", 1],
        ["n3", 3],
      ]);
    }
  });

  it("takes numbers as places in the list, in arrays and as folders, unless the list holds them as names", async () => {
    const names = ["a", "b", "c", "d"];
    const array = await ordered(await arrayOf([2, 0]), { classes: 4, ...chosen(names) });
    expect(array.source.parts.all!.labels).toEqual(Int32Array.of(2, 0));
    expect(array.source.classNames).toEqual(names);
    const folders = await ordered(await folderOf(["3", "1"]), { classes: 4, ...chosen(names) });
    expect(namedLabels(folders.source)).toEqual([
      ["1", 1],
      ["3", 3],
    ]);
    // As a network numbers them that was trained from folders: 0, 1, 10, 2.
    const sorted = ["0", "1", "10", "2", "3", "4", "5", "6", "7", "8", "9"];
    const listed = await ordered(await arrayOf([10, 2, 0]), { classes: 11, ...chosen(sorted) });
    expect(listed.source.parts.all!.labels).toEqual(Int32Array.of(2, 3, 0));
  });

  it("finds an array's classes by the names that a file beside it gives them", async () => {
    const path = await arrayOf([0, 1], { "classes.txt": "cat\ndog\n" });
    const { source } = await ordered(path, { classes: 3, ...chosen(["dog", "emu", "cat"]) });
    expect(source.parts.all!.labels).toEqual(Int32Array.of(2, 0));
    const stored = await ordered(path, { classes: 2, stored: ["dog", "cat"] });
    expect(stored.source.parts.all!.labels).toEqual(Int32Array.of(1, 0));
  });

  it("says that metadata names other classes than the data", async () => {
    const { source } = await ordered(await folderOf(["a", "b"]), { classes: 2, ...metadata("x", "y") });
    expect(source.notes).toEqual([
      "the model's metadata (names) names its classes x, y, but the data's are a, b: they were not taken for each other",
    ]);
  });

  it("names an array's labels by the metadata, if there are as many", async () => {
    const { source, classOrder } = await ordered(await arrayOf([1, 0]), {
      classes: 2,
      ...metadata("cat", "dog"),
    });
    expect(source.classNames).toEqual(["cat", "dog"]);
    expect(source.parts.all!.labels).toEqual(Int32Array.of(1, 0));
    expect(classOrder).toEqual({ source: "labels", detail: "the model's metadata (names)" });
  });

  it("leaves a broken file beside the data aside if a list was chosen", async () => {
    const path = await arrayOf([1, 0], { "labels.txt": "img 1\n\nimg 2" });
    await expect(ordered(path, { classes: 2 })).rejects.toThrow(
      /labels\.txt: line 2 is empty.*; mend or remove it/,
    );
    const { source } = await ordered(path, { classes: 2, ...chosen(["cat", "dog"]) });
    expect(source.classNames).toEqual(["cat", "dog"]);
  });

  it("changes the fingerprint with the order, and only with it", async () => {
    const path = await folderOf(["a", "b"]);
    const print = async (sources: Partial<ClassSources>) =>
      (await ordered(path, { classes: 2, ...sources })).source.fingerprint(silentJob);
    const own = await print({});
    expect(await print(chosen(["a", "b"]))).toBe(own);
    const turned = await print(chosen(["b", "a"]));
    expect(turned).not.toBe(own);
    expect(await print(metadata("b", "a"))).toBe(turned);
  });

  it.each([
    [
      "a list of other names",
      ["a", "B"],
      2,
      /the class "b" isn't in list\.txt, which lists a, B: spell the classes in both/,
    ],
    [
      "a list of another length",
      ["a", "b"],
      3,
      /list\.txt lists 2 classes, but the model has 3: list all of them/,
    ],
  ])("refuses %s", async (_, names, classes, message) => {
    await expect(ordered(await folderOf(["a", "b"]), { classes, ...chosen(names) })).rejects.toMatchObject({
      code: "data-mismatch",
      message: expect.stringMatching(message),
      details: { missing: "classes" },
    });
  });

  it("keeps what the data calls and numbers its classes, by which a list finds them again", async () => {
    const folders = await ordered(await folderOf(["a", "b"]), { classes: 3, ...chosen(["b", "x", "a"]) });
    expect(folders.source.own).toEqual({ names: ["b", "x", "a"], numbers: [1, -1, 0] });
    const numbers = await ordered(await arrayOf([0, 1]), { classes: 2, ...chosen(["cat", "dog"]) });
    expect(numbers.source.own).toEqual({ names: ["0", "1"], numbers: [0, 1] });
    const beside = await arrayOf([0, 1], { "classes.txt": "cat\ndog\n" });
    expect((await ordered(beside, { classes: 2 })).source.own?.names).toEqual(["cat", "dog"]);
    const turned = await ordered(beside, { classes: 2, ...chosen(["dog", "cat"]) });
    expect(turned.source.own).toEqual({ names: ["dog", "cat"], numbers: [1, 0] });
    expect(turned.source.parts.all?.labels).toEqual(Int32Array.of(1, 0));
  });

  it("refuses labels beyond the list, and a file that doesn't name the folders", async () => {
    await expect(ordered(await arrayOf([0, 2]), { classes: 2, ...chosen(["a", "b"]) })).rejects.toThrow(
      /a\.npz \(x\)\[1\]: label is 2, but list\.txt lists 2 classes \(0 to 1\)/,
    );
    const path = await folderOf(["a", "b"], { "classes.txt": "a\nc\n" });
    await expect(ordered(path, { classes: 2 })).rejects.toThrow(/the class "b" isn't in .*classes\.txt/);
  });
});
