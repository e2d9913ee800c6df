import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { cancelledError } from "../../../../shared/base/job.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { openDataset } from "./open-dataset.ts";

describe("openDataset", () => {
  it("says that a path leads nowhere", async () => {
    const path = join(await temporaryFolder(), "nothing");
    await expect(openDataset(path)).rejects.toMatchObject({
      code: "file-not-found",
      message: `${path}: no such file or folder, expected a data set's file or folder`,
    });
  });

  it.each([
    ["an empty folder", {}, "", /it is an empty folder$/],
    [
      "other files",
      { "a.txt": "", "b.txt": "", "c.txt": "", "d.txt": "" },
      "",
      /it holds a\.txt, b\.txt, c\.txt and 1 more$/,
    ],
    [
      "a single file",
      { "a.doc": "text" },
      "a.doc",
      /a\.doc: no data set found, it is a single file of another kind$/,
    ],
  ])("says what it found in %s and lists every layout", async (_, files, name, found) => {
    const opened = openDataset(join(await temporaryFolder(files), name));
    await expect(opened).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(found),
    });
    const layouts = expect.arrayContaining([
      expect.stringMatching(/^a \.npz file/),
      expect.stringMatching(/train-images-idx3-ubyte/),
      expect.stringMatching(/PNG, JPEG/),
    ]);
    await expect(opened).rejects.toMatchObject({ details: { missing: "layout", layouts } });
  });

  it.each([
    ["a.zip", "is an archive: unpack it and open the folder that comes out"],
    ["a.tar.gz", "is an archive: unpack it and open the folder that comes out"],
    ["a.onnx", "is a model, expected a data set"],
    ["a.offramp", "is a project of Offramp, expected a data set"],
  ])("says what %s is", async (name, what) => {
    const path = join(await temporaryFolder({ [name]: "PK" }), name);
    await expect(openDataset(path)).rejects.toMatchObject({
      code: "data-invalid",
      message: `${path}: ${what}`,
    });
  });

  it("can be stopped while it looks for images in many folders", async () => {
    const names = Array.from({ length: 5 }, (_, at) => [`class${at}/notes.txt`, ""]);
    const folder = await temporaryFolder(Object.fromEntries(names));
    let pauses = 0;
    const pause = async () => {
      if (++pauses === 3) throw cancelledError();
    };
    await expect(openDataset(folder, { report: () => {}, pause })).rejects.toMatchObject({
      code: "cancelled",
    });
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
