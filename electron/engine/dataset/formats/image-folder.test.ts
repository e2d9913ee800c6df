import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { openDataset } from "../open/open-dataset.ts";

function solid(colour: { r: number; g: number; b: number; alpha?: number }, width = 4, height = 3) {
  const channels = colour.alpha === undefined ? 3 : 4;
  return sharp({ create: { width, height, channels, background: colour } });
}

const red = () => solid({ r: 200, g: 10, b: 20 }).png().toBuffer();

async function open(names: readonly string[], others: Record<string, Uint8Array | string> = {}) {
  const png = await red();
  return openDataset(
    await temporaryFolder({ ...Object.fromEntries(names.map((name) => [name, png])), ...others }),
  );
}

describe("image-folder format", () => {
  it("opens class folders at the root, in Python's order", async () => {
    const source = await open(["ant/1.png", "Zebra/a.png", "Zebra/b.PNG", "class10/x.png", "class9/x.png"], {
      "Zebra/notes.txt": "no image",
      ".hidden/x.png": "ignored",
      "__MACOSX/x.png": "ignored",
    });
    expect(source.classNames).toEqual(["Zebra", "ant", "class10", "class9"]);
    expect(source.parts.all?.labels).toEqual(Int32Array.of(0, 0, 1, 2, 3));
    expect(source.locate("all", 1)).toBe("Zebra/b.PNG");
    await source.close();
  });

  it("sorts classes that are numbers as torchvision and Keras do", async () => {
    const twelve = Array.from({ length: 12 }, (_, number) => `${number}/x.png`);
    const source = await open(twelve);
    expect(source.classNames).toEqual(["0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(source.classesSortedBy).toBe("code points");
    expect(source.locate("all", 2)).toBe("10/x.png");
    expect(source.parts.all!.labels[2]).toBe(2);
  });

  it("numbers the classes of all parts alike, though a part may lack some", async () => {
    const source = await open([
      "train/a/1.png",
      "train/b/1.png",
      "train/c/1.png",
      "test/a/1.png",
      "test/c/1.png",
    ]);
    expect(source.classNames).toEqual(["a", "b", "c"]);
    expect(source.parts.test?.labels).toEqual(Int32Array.of(0, 2));
  });

  it("opens train, val and test folders, nested images and links, and leaves out what has no classes", async () => {
    const png = await red();
    const folder = await temporaryFolder({
      "train/n01/images/1.png": png,
      "train/n02/images/1.png": png,
      "train/n02/images/2.png": png,
      "val/n01/1.png": png,
      "val/n02/1.png": png,
      "test/1.png": png,
      "elsewhere/n03/1.png": png,
    });
    await symlink(join(folder, "elsewhere/n03"), join(folder, "train/n03"));
    await symlink(join(folder, "elsewhere/n03"), join(folder, "val/n03"));
    await symlink(join(folder, "nowhere"), join(folder, "val/broken"));
    const source = await openDataset(folder);
    expect(Object.keys(source.parts)).toEqual(["train", "val"]);
    expect(source.classNames).toEqual(["n01", "n02", "n03"]);
    expect(source.parts.train?.labels).toEqual(Int32Array.of(0, 1, 1, 2));
    expect(source.locate("train", 2)).toBe("train/n02/images/2.png");
  });

  it("looks through a folder that only wraps the data set", async () => {
    const source = await open(["pets/cat/1.png", "pets/dog/1.png"]);
    expect(source.classNames).toEqual(["cat", "dog"]);
    expect(source.path).toMatch(/pets$/);
  });

  it("keeps a class that is named after a part", async () => {
    const source = await open(["train/1.png", "bus/1.png"]);
    expect(source.classNames).toEqual(["bus", "train"]);
  });

  it("decodes every kind of PNG and JPEG to RGB bytes", async () => {
    const grey = Buffer.alloc(12, 77);
    const raw = { raw: { width: 4, height: 3, channels: 1 as const } };
    const source = await open(["a/rgb.png"], {
      "b/alpha.png": await solid({ r: 200, g: 10, b: 20, alpha: 0.5 }).png().toBuffer(),
      "b/grey.png": await sharp(grey, raw).toColourspace("b-w").png().toBuffer(),
      "b/grey.jpeg": await sharp(grey, raw).toColourspace("b-w").jpeg().toBuffer(),
      "b/palette.png": await solid({ r: 200, g: 10, b: 20 }).png({ palette: true }).toBuffer(),
      "b/turned.jpg": await solid({ r: 77, g: 77, b: 77 }).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    });
    const first = async (index: number) => {
      const [image] = await source.read("all", [index]);
      return "reason" in image
        ? image
        : [source.locate("all", index), image.height, image.width, ...image.data.slice(0, 3)];
    };
    expect(await Promise.all([0, 1, 2, 3, 4, 5].map(first))).toEqual([
      ["a/rgb.png", 3, 4, 200, 10, 20],
      ["b/alpha.png", 3, 4, 200, 10, 20],
      ["b/grey.jpeg", 3, 4, 77, 77, 77],
      ["b/grey.png", 3, 4, 77, 77, 77],
      ["b/palette.png", 3, 4, 200, 10, 20],
      ["b/turned.jpg", 3, 4, 77, 77, 77],
    ]);
  });

  it("names images that can't be decoded", async () => {
    const noise = sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: "grey",
        noise: { type: "gaussian", mean: 128, sigma: 40 },
      },
    });
    const jpeg = await noise.jpeg().toBuffer();
    const source = await open(["a/good.png"], {
      "a/cut.jpg": jpeg.subarray(0, jpeg.length >> 1),
      "a/empty.png": "",
      "a/text.png": "not an image",
      "b/good.jpg": jpeg,
    });
    const images = await source.read("all", [0, 1, 2, 3, 4]);
    expect(images.map((image) => ("reason" in image ? image.path : image.width))).toEqual([
      "a/cut.jpg",
      "a/empty.png",
      4,
      "a/text.png",
      64,
    ]);
    for (const image of images) if ("reason" in image) expect(image.reason).toMatch(/^[^\n]+$/);
  });

  it("reads every other kind of image, whatever its extension says", async () => {
    const red = solid({ r: 200, g: 10, b: 20 }, 2, 1);
    const bmp = Uint8Array.from([
      ...[0x42, 0x4d, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0],
      ...new Array(24).fill(0),
      ...[20, 10, 200, 30, 40, 50, 0, 0],
    ]);
    const source = await open([], {
      "a/1.bmp": bmp,
      "a/2.webp": await red.clone().webp({ lossless: true }).toBuffer(),
      "a/3.tiff": await red.clone().tiff({ compression: "none" }).toBuffer(),
      "a/4.ppm": "P3 2 1 255 200 10 20 50 40 30",
      "a/5.pgm": Buffer.from("P5 2 1 255 \x4d\x4e", "latin1"),
      "b/6.gif": await red.clone().gif().toBuffer(),
      "b/7.jpg": bmp,
    });
    const read = await source.read("all", [0, 1, 2, 3, 4, 5, 6]);
    const pixels = read.map((image) => ("reason" in image ? image.reason : [...image.data.slice(0, 6)]));
    expect(pixels).toEqual([
      [200, 10, 20, 50, 40, 30],
      [200, 10, 20, 200, 10, 20],
      [200, 10, 20, 200, 10, 20],
      [200, 10, 20, 50, 40, 30],
      [77, 78],
      [200, 10, 20, 200, 10, 20],
      [200, 10, 20, 50, 40, 30],
    ]);
    expect(source.notes).toEqual([]);
  });

  it("says what it left out, by kind", async () => {
    const names = ["train/a/1.png", "train/a/2.png", "train/b/deep/er/1.png", "val/a/1.png", "val/b/1.png"];
    const source = await open(names, {
      "train/a/1.heic": "",
      "train/b/2.HEIC": "",
      "train/b/Thumbs.db": "",
      "train/b/x/y/z/deepest.png": "",
      "train/.cache/a/1.png": "",
      "__MACOSX/a/1.png": "",
      "test/1.png": "",
    });
    expect(source.notes).toEqual([
      "2 of 8 files are .heic, a kind of image that isn't read, and left out: convert to PNG or JPEG",
      "1 of 8 files is .db, no image by name, and left out",
      "left out: __MACOSX, train/.cache, hidden or left by a tool",
      "left out: test, which is no part with one sub-folder per class",
      "left out: train/b/x/y/z, which lies too deep",
    ]);
  });

  it("says which images a class folder holds instead", async () => {
    await expect(open([], { "a/1.heic": "", "a/2.heic": "", "b/1.heic": "" })).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(/the class folder "a" holds no images \(PNG, .*\), only 2 \.heic$/),
    });
  });

  it("says of an image what it is instead, and that it is gone", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    const source = await open(["a/1.png", "b/1.png"], { "a/2.png": pointer });
    await rm(join(source.path, "b"), { recursive: true });
    expect((await source.read("all", [0, 1, 2])).slice(1)).toEqual([
      {
        path: "a/2.png",
        reason:
          "is a Git LFS pointer, not the file itself: run `git lfs pull` in the repository that it came with",
      },
      { path: "b/1.png", reason: "isn't there any more" },
    ]);
  });

  it.each([
    [
      "parts without classes",
      ["train/1.png", "test/1.png"],
      /test\/ and train\/ must hold one sub-folder of images per class/,
    ],
    ["two folders for one part", ["val/a/1.png", "validation/a/1.png"], /two folders for the val images/],
  ])("refuses %s", async (_, names, message) => {
    await expect(open(names)).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(message),
    });
  });

  it("refuses an empty class folder", async () => {
    const png = await red();
    const folder = await temporaryFolder({ "a/1.png": png });
    await mkdir(join(folder, "b"));
    await expect(openDataset(folder)).rejects.toThrow(
      /the class folder "b" holds no images \(PNG, JPEG, .*\)/,
    );
  });

  it.skipIf(process.platform === "win32")(
    "passes over links that lead to themselves, and reads no pipes",
    async () => {
      const folder = await temporaryFolder({ "cat/1.png": await red(), "dog/1.png": await red() });
      await symlink("self", join(folder, "self"));
      execFileSync("mkfifo", [join(folder, "dog/2.png")]);
      const source = await openDataset(folder);
      expect(source.classNames).toEqual(["cat", "dog"]);
      expect(await source.read("all", [2])).toEqual([
        { path: "dog/2.png", reason: "is a device or a pipe, expected a file" },
      ]);
    },
  );

  describe.skipIf(process.platform === "win32")("links", () => {
    it("that stay within the data set are followed", async () => {
      const folder = await temporaryFolder({ "cat/1.png": await red(), "all/2.png": await red() });
      await symlink("../all/2.png", join(folder, "cat/2.png"));
      await symlink("all", join(folder, "dog"));
      const source = await openDataset(folder);
      expect(source.classNames).toEqual(["all", "cat", "dog"]);
      const images = await source.read("all", [0, 1, 2, 3]);
      expect(images.map((image) => "data" in image)).toEqual([true, true, true, true]);
    });

    it.each([
      ["a class folder", "dog", ""],
      ["an image", "cat/2.png", "cat/1.png"],
      ["a folder of images in a class folder", "cat/more", "cat"],
    ])("are refused where they lead out of it: %s", async (_, name, target) => {
      const folder = await temporaryFolder({ "cat/1.png": await red() });
      const elsewhere = await temporaryFolder({ "cat/1.png": await red() });
      await symlink(join(elsewhere, target), join(folder, name));
      await expect(openDataset(folder)).rejects.toMatchObject({
        code: "file-unreadable",
        message: `${join(folder, name)}: leads out of ${folder}: put the files themselves there, or open the folder that they are in`,
      });
    });

    it("that a person opens the data set by may lead anywhere", async () => {
      const folder = await temporaryFolder({ "cat/1.png": await red(), "dog/1.png": await red() });
      const link = join(await temporaryFolder(), "link");
      await symlink(folder, link);
      const source = await openDataset(link);
      expect((await source.read("all", [1])).map((image) => "data" in image)).toEqual([true]);
    });

    it("are looked at again when an image is read, for they may have been put there since", async () => {
      const folder = await temporaryFolder({ "cat/1.png": await red(), "dog/1.png": await red() });
      const elsewhere = await temporaryFolder({ "1.png": await red() });
      const source = await openDataset(folder);
      await rm(join(folder, "dog/1.png"));
      await symlink(join(elsewhere, "1.png"), join(folder, "dog/1.png"));
      expect(await source.read("all", [1])).toEqual([
        { path: "dog/1.png", reason: expect.stringMatching(/^leads out of /) },
      ]);
    });

    it("back to a folder that they lie in don't list its images under another name", async () => {
      const folder = await temporaryFolder({ "cat/1.png": await red(), "dog/1.png": await red() });
      await symlink("..", join(folder, "cat/loop"));
      const source = await openDataset(folder);
      expect(source.parts.all?.labels).toEqual(Int32Array.of(0, 1));
      expect(source.notes).toEqual(["left out: cat/loop, which leads back to a folder that it lies in"]);
    });
  });
});
