import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import type { DatasetSource, PartName } from "../dataset-source.ts";
import { openDataset } from "../open/open-dataset.ts";

/** A PGM of one pixel. */
const grey = (level: number) => `P2 1 1 255 ${level}`;

async function open(files: Record<string, string>, path = "") {
  return openDataset(join(await temporaryFolder(files), path));
}

/** Each image's file, class name and level. */
async function contents(source: DatasetSource, part: PartName) {
  const labels = [...source.parts[part]!.labels];
  const images = await source.read(
    part,
    labels.map((_, index) => index),
  );
  return images.map((image, index) => [
    source.locate(part, index),
    source.classNames[labels[index]],
    "data" in image ? image.data[0] : image.reason,
  ]);
}

describe("image-table format", () => {
  it("opens Kaggle's labels.csv with ids and a train folder, classes by code point", async () => {
    const source = await open({
      "labels.csv": "id,breed\n000b,pug\n00c1,Boxer\n00c2,pug\n",
      "sample_submission.csv": "id,boxer,pug\n000d,0.5,0.5\n",
      "train/000b.pgm": grey(1),
      "train/00c1.pgm": grey(2),
      "train/00c2.pgm": grey(3),
      "test/000d.pgm": grey(4),
    });
    expect(source.format).toBe("image-table");
    expect(source.classNames).toEqual(["Boxer", "pug"]);
    expect(await contents(source, "all")).toEqual([
      ["train/000b.pgm", "pug", 1],
      ["train/00c1.pgm", "Boxer", 2],
      ["train/00c2.pgm", "pug", 3],
    ]);
    expect(source.notes).toEqual([]);
  });

  it("opens a table a part, and leaves out one without labels", async () => {
    const source = await open({
      "train.csv": "image_id;label\na.pgm;2\nb.pgm;0\n",
      "val_labels.csv": "Image Path,Class\nval/c.pgm,1\n",
      "test.csv": "id\nd.pgm\n",
      "train_images/a.pgm": grey(1),
      "images/b.pgm": grey(2),
      "val/c.pgm": grey(3),
    });
    expect(source.classNames).toEqual(["0", "1", "2"]);
    expect(await contents(source, "train")).toEqual([
      ["train_images/a.pgm", "2", 1],
      ["images/b.pgm", "0", 2],
    ]);
    expect(await contents(source, "val")).toEqual([["val/c.pgm", "1", 3]]);
    expect(source.notes).toEqual(["left out: test.csv, which has no column of labels"]);
  });

  it("opens a table without header by its path, and one with a column of splits", async () => {
    const files = {
      "mine.csv": '"x/a.pgm","a cat, grey"\nx/b.pgm,dog\n',
      "birds.csv": "class id,filepaths,labels,data set\n0,x/a.pgm,owl,train\n1,x/b.pgm,emu,valid\n",
      "x/a.pgm": grey(1),
      "x/b.pgm": grey(2),
    };
    const plain = await open(files, "mine.csv");
    expect(plain.path).toMatch(/mine\.csv$/);
    expect(await contents(plain, "all")).toEqual([
      ["x/a.pgm", "a cat, grey", 1],
      ["x/b.pgm", "dog", 2],
    ]);
    const split = await open(files, "birds.csv");
    expect(split.classNames).toEqual(["emu", "owl"]);
    expect(await contents(split, "train")).toEqual([["x/a.pgm", "owl", 1]]);
    expect(await contents(split, "val")).toEqual([["x/b.pgm", "emu", 2]]);
  });

  it("opens tables within the folders of parts, as Hugging Face's image folders have them", async () => {
    const source = await open({
      "train/metadata.csv": "file_name,label\na.pgm,cat\nb.pgm,dog\n",
      "train/a.pgm": grey(1),
      "train/b.pgm": grey(2),
      "test/metadata.csv": "file_name,label\na.pgm,dog\n",
      "test/a.pgm": grey(3),
    });
    expect(await contents(source, "train")).toEqual([
      ["train/a.pgm", "cat", 1],
      ["train/b.pgm", "dog", 2],
    ]);
    expect(await contents(source, "test")).toEqual([["test/a.pgm", "dog", 3]]);
  });

  it("refuses two tables of one part", async () => {
    const table = "file,class\na.pgm,cat\n";
    const both = open({ "train.csv": table, "train_labels.csv": table, "a.pgm": grey(1) });
    await expect(both).rejects.toThrow(
      /both train\.csv and train_labels\.csv list the train images: open one/,
    );
  });

  it("leaves tables of something else alone, unless they are asked for", async () => {
    const files = {
      "train.csv": "id,price\n1,300\n2,400\n",
      "cat/1.pgm": grey(1),
      "dog/2.pgm": grey(2),
    };
    expect((await open(files)).format).toBe("image-folder");
    const asked = await open(
      { "prices.csv": files["train.csv"], "1.pgm": grey(1), "2.pgm": grey(2) },
      "prices.csv",
    );
    expect(asked.parts.all?.labels).toEqual(Int32Array.of(300, 400));
  });

  it("says which rows it left out", async () => {
    const source = await open({
      "labels.csv": "file,class\na.pgm,cat\ngone.pgm,dog\na.pgm,cat\n,cat\nb.pgm,\nb.pgm,dog\n",
      "a.pgm": grey(1),
      "b.pgm": grey(2),
    });
    expect(source.parts.all?.labels).toEqual(Int32Array.of(0, 0, 1));
    expect(source.notes).toEqual([
      "2 of 6 rows of labels.csv lack an image or a label and are left out",
      '1 of 6 rows of labels.csv name images that aren\'t there, such as "gone.pgm", and are left out',
      "1 of 6 rows of labels.csv name an image again that was named before",
    ]);
  });

  it.each([
    ["a path upwards", "../secret.pgm"],
    ["a path upwards from within", "x/../../secret.pgm"],
    ["a path upwards with backslashes", "x\\..\\..\\secret.pgm"],
    ["an absolute path elsewhere", "/etc/secret.pgm"],
    ["a path of no text", "a\0.pgm"],
  ])("refuses %s", async (_, path) => {
    const opened = open(
      { "inner/labels.csv": `file,class\na.pgm,cat\n${path},cat\n`, "inner/a.pgm": grey(1) },
      "inner",
    );
    await expect(opened).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(/labels\.csv: line 3: ".*" leads out of the data set's folder/),
    });
  });

  it("takes a column per class, of which one holds a 1, in the order of the columns", async () => {
    const images = { "a.pgm": grey(1), "b.pgm": grey(2) };
    const source = await open({
      ...images,
      "labels.csv": "image,NV,MEL,BCC\na,0.0,1.0,0.0\nb,1.0,0.0,0.0\n",
    });
    expect(source.classNames).toEqual(["NV", "MEL", "BCC"]);
    expect(source.classesSortedBy).toBeUndefined();
    expect(source.parts.all?.labels).toEqual(Int32Array.of(1, 0));
    const two = open({ ...images, "labels.csv": "image,NV,MEL\na,0,1\nb,1,1\n" });
    await expect(two).rejects.toThrow(/labels\.csv: line 3: expected a single 1 and zeros in the 2 columns/);
  });

  it("finds images whose names are written in other case, unless two differ by that alone", async () => {
    const table = { "labels.csv": "file,label\nIMG_1.PGM,x\nimg_2.pgm,y\nImg_3.pgm,y\n" };
    const source = await open({
      ...table,
      "img_1.pgm": grey(1),
      "img_2.pgm": grey(2),
      "IMG_2.pgm": grey(9),
      "img_3.pgm": grey(3),
      "IMG_3.pgm": grey(9),
    });
    expect(await contents(source, "all")).toEqual([
      ["img_1.pgm", "x", 1],
      ["img_2.pgm", "y", 2],
    ]);
    expect(source.notes).toEqual([expect.stringMatching(/1 of 3 rows .* such as "Img_3\.pgm"/)]);
  });

  it("keeps names apart that a spreadsheet wrote in Windows-1252", async () => {
    const folder = await temporaryFolder({ "a.pgm": grey(1), "b.pgm": grey(2) });
    await writeFile(
      join(folder, "labels.csv"),
      Buffer.from("file;label\r\na.pgm;caf\xe9\r\nb.pgm;caf\xe8\r\n", "latin1"),
    );
    expect((await openDataset(folder)).classNames).toEqual(["café", "cafè"].sort());
  });

  it("says that it doesn't know a table's columns, rather than take the images' folder for a class", async () => {
    const opened = open({ "table.csv": "what,which\n1,cat\n", "images/1.pgm": grey(1) });
    await expect(opened).rejects.toThrow(
      /holds images in one folder, "images", and the table table\.csv, .*: call them image and label$/,
    );
  });

  it("takes absolute paths that lead within", async () => {
    const folder = await temporaryFolder({ "x/a.pgm": grey(7) });
    await writeFile(join(folder, "labels.csv"), `file,class\n${join(folder, "x", "a.pgm")},cat\n`);
    expect(await contents(await openDataset(folder), "all")).toEqual([["x/a.pgm", "cat", 7]]);
  });

  it("says where it looked for images that aren't there, and names pointers of Git LFS", async () => {
    await expect(open({ "labels.csv": "file,class\na.png,cat\nb.png,dog\n" })).rejects.toThrow(
      /labels\.csv: no image that it lists is there, such as "a\.png" of 2 rows; they are looked for beside/,
    );
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    await expect(open({ "labels.csv": pointer })).rejects.toThrow(/labels\.csv: is a Git LFS pointer/);
  });

  it("finds folders whose case differs, and several that a path may start from", async () => {
    const source = await open({
      "labels.csv": "file,class\nA/1.pgm,cat\nB/C/2.pgm,dog\nNone/3.pgm,dog\n",
      "images/a/1.pgm": grey(1),
      "b/c/2.pgm": grey(2),
    });
    expect(await contents(source, "all")).toEqual([
      ["images/a/1.pgm", "cat", 1],
      ["b/c/2.pgm", "dog", 2],
    ]);
    expect(source.notes).toEqual([
      `1 of 3 rows of labels.csv name images that aren't there, such as "None/3.pgm", and are left out`,
    ]);
  });

  it.each([
    "../x.pgm",
    "a/../../x.pgm",
    "/etc/x.pgm",
    "\\\\host\\share\\x.pgm",
    "//host/share/x.pgm",
    "a\0b.pgm",
  ])("refuses the path %j, which leads out of its folder or is none", async (path) => {
    await expect(open({ "labels.csv": `file,class\n${path},cat\n` })).rejects.toThrow(
      /labels\.csv: line 2: .* leads out of the data set's folder, images must lie within$/,
    );
  });

  it.skipIf(process.platform === "win32")("follows no link out of the data set's folder", async () => {
    const elsewhere = await temporaryFolder({ "1.pgm": grey(1), "labels.csv": "file,class\n1.pgm,cat\n" });
    const folder = await temporaryFolder({ "labels.csv": "file,class\nout/1.pgm,cat\n" });
    await symlink(elsewhere, join(folder, "out"));
    await expect(openDataset(folder)).rejects.toThrow(`${join(folder, "out")}: leads out of ${folder}: `);
    const other = await temporaryFolder({ "1.pgm": grey(1) });
    await symlink(join(elsewhere, "labels.csv"), join(other, "labels.csv"));
    await expect(openDataset(other)).rejects.toThrow(`${join(other, "labels.csv")}: leads out of ${other}: `);
    // A table that a person names may be a link; images lie beside the link.
    expect(await contents(await openDataset(join(other, "labels.csv")), "all")).toEqual([
      ["1.pgm", "cat", 1],
    ]);
  });
});
