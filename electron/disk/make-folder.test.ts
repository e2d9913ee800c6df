import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("makes what is missing and says where that begins", async () => {
  expect(await makeFolder(join(folder, "a", "b", "c"))).toBe(join(folder, "a"));
  expect(await readdir(join(folder, "a", "b"))).toEqual(["c"]);
  expect(await makeFolder(join(folder, "a", "d"))).toBe(join(folder, "a", "d"));
  expect(await makeFolder(join(folder, "a", "b"))).toBeUndefined();
});

it("many at once make one folder, and one of them says so", async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => makeFolder(join(folder, "x", "y"))));
  expect(made.filter((path) => path === join(folder, "x"))).toHaveLength(1);
  expect(await readdir(join(folder, "x"))).toEqual(["y"]);
});

it("fails where a file is in the way, and where the system makes no folders", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(makeFolder(join(folder, "file", "deep"))).rejects.toMatchObject({ code: "EEXIST" });
  if (process.platform === "linux")
    await expect(makeFolder("/proc/offramp/deep")).rejects.toMatchObject({ code: "ENOENT" });
});
