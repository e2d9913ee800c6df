import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openDataset } from "../open-dataset.ts";
import { temporaryFolder } from "../temporary-folder.ts";

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
    await expect(openDataset(folder)).rejects.toThrow(/the class folder "b" holds no PNG or JPEG images/);
  });
});
