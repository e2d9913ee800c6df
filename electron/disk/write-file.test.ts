import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isDiskFull, unwritable } from "./disk-error.ts";
import { contents, temporaryFolder } from "./testing/temporary-folder.ts";
import { writeFileAtomically, writeOwnFileAtomically } from "./write-file.ts";

const refusal = (message: string) => expect.objectContaining({ code: "output-unwritable", message });

describe("a file", () => {
  it("is written whole, in folders that are made for it", async () => {
    const root = await temporaryFolder({ "project.offramp": "old" });
    await writeFileAtomically(join(root, "project.offramp"), "new");
    await writeFileAtomically(join(root, "a/b/table.npz"), Uint8Array.of(65));
    expect(await contents(root)).toEqual({ "project.offramp": "new", "a/b/table.npz": "A" });
  });

  it("that can't be put in its place leaves nothing behind", async () => {
    const root = await temporaryFolder({ "taken/inside": "old", file: "text" });
    const taken = join(root, "taken");
    await expect(writeFileAtomically(taken, "new")).rejects.toEqual(
      refusal(`${taken} can't be written (a folder is in its way); choose another place`),
    );
    await expect(writeFileAtomically(join(root, "file", "new"), "new")).rejects.toEqual(
      refusal(`${join(root, "file", "new")} can't be written (a file is in its way); choose another place`),
    );
    expect(await contents(root)).toEqual({ "taken/inside": "old", file: "text" });
    expect((await readdir(root)).sort()).toEqual(["file", "taken"]);
  });

  it("of the app itself is for its owner alone, and fails in words too", async () => {
    const root = await temporaryFolder({ file: "text" });
    const path = join(root, "deep", "settings.json");
    writeOwnFileAtomically(path, "old");
    writeOwnFileAtomically(path, "new");
    expect(await contents(root)).toEqual({ file: "text", "deep/settings.json": "new" });
    expect((await stat(path)).mode & 0o077).toBe(0);
    const below = join(root, "file", "settings.json");
    expect(() => writeOwnFileAtomically(below, "new")).toThrow(
      refusal(`${below} can't be written (a file is in its way); let Offramp write there`),
    );
    expect(() => writeOwnFileAtomically(join(root, "deep"), "new")).toThrow("a folder is in its way");
    expect((await readdir(root)).sort()).toEqual(["deep", "file"]);
  });

  it("that finds no room says so, on a full disk as under a quota", () => {
    for (const code of ["ENOSPC", "EDQUOT"])
      expect(unwritable("a/b", Object.assign(new Error("write"), { code }))).toEqual(
        refusal("the disk that holds a/b is full; free some space or choose another place"),
      );
    expect(isDiskFull(new Error("write"))).toBe(false);
  });
});
