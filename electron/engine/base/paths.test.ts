import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { filesIn } from "./paths.ts";

describe.skipIf(process.platform === "win32")("files in a folder", () => {
  it("are those of a kind, sorted, links to files among them", async () => {
    const folder = await temporaryFolder({ "b.csv": "", "a.csv": "", "a.png": "" });
    await mkdir(join(folder, "folder.csv"));
    await symlink("a.png", join(folder, "linked.csv"));
    await symlink("folder.csv", join(folder, "link-to-folder.csv"));
    await symlink("nowhere", join(folder, "lost.csv"));
    expect(await filesIn(folder, /\.csv$/)).toEqual(["a.csv", "b.csv", "linked.csv"]);
  });

  it("are found where links of other kinds lead to themselves, which nobody looks up", async () => {
    const folder = await temporaryFolder({ "a.csv": "" });
    for (let at = 0; at < 300; at++) await symlink(`${at}.png`, join(folder, `${at}.png`));
    expect(await filesIn(folder, /\.csv$/)).toEqual(["a.csv"]);
  });
});
