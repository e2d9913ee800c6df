import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openDataset } from "./open-dataset.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("openDataset", () => {
  it("says that a path leads nowhere", async () => {
    const path = join(await temporaryFolder(), "nothing");
    await expect(openDataset(path)).rejects.toMatchObject({
      code: "file-not-found",
      message: expect.stringMatching(/nothing: no such file or folder; expected a \.npz file/),
    });
  });

  it.each([
    ["an empty folder", {}, "", /it is an empty folder; expected/],
    [
      "other files",
      { "a.txt": "", "b.txt": "", "c.txt": "", "d.txt": "" },
      "",
      /it holds a\.txt, b\.txt, c\.txt and 1 more; expected/,
    ],
    [
      "a single file",
      { "a.zip": "PK" },
      "a.zip",
      /a\.zip: no data set found, it is a single file of another kind; expected/,
    ],
  ])("says what it found in %s and names every layout on one line", async (_, files, name, found) => {
    const opened = openDataset(join(await temporaryFolder(files), name));
    await expect(opened).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(found),
    });
    const layouts = /^[^\n]*\.npz[^\n]*train-images-idx3-ubyte[^\n]*data_batch_1\.bin[^\n]*PNG, JPEG[^\n]*$/;
    await expect(opened).rejects.toThrow(layouts);
  });

  it("refuses a file that only has the name of an archive", async () => {
    const path = join(await temporaryFolder({ "a.npz": "hello" }), "a.npz");
    await expect(openDataset(path)).rejects.toMatchObject({ code: "data-invalid" });
  });

  it("opens a lone class folder, so that the split can say what is wrong", async () => {
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    const source = await openDataset(await temporaryFolder({ "cat/1.png": png }));
    expect(source.classNames).toEqual(["cat"]);
  });
});
