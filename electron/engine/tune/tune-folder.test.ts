import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makerName } from "../../disk/maker.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import type { Recipe } from "./recipe-file.ts";
import { checkFolder, holdFolder } from "./tune-folder.ts";

const recipe: Recipe = { epochs: 3, made: { network: "aa", exits: [], data: "cc" } };

test("a folder is held while work is done in it, and free after that", async () => {
  const folder = join(await temporaryFolder({}), "deep", "training");
  const result = await holdFolder(folder, async () => {
    expect(await readFile(join(folder, ".in-use"), "utf8")).toBe(makerName());
    await expect(holdFolder(folder, async () => 2)).rejects.toMatchObject({
      code: "busy",
      message: `another Offramp works in ${folder}; wait for it, or choose another folder`,
    });
    return 1;
  });
  expect(result).toBe(1);
  expect(await readdir(folder)).toEqual([]);
  await expect(holdFolder(folder, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await readdir(folder)).toEqual([]);
});

test("what a killed process held is taken over", async () => {
  const [, started, place] = makerName().split("-");
  // No process has this id.
  const folder = await temporaryFolder({ ".in-use": `4194305-${started}-${place}` });
  expect(await holdFolder(folder, async () => existsSync(join(folder, ".in-use")))).toBe(true);
});

test("what the system refuses in a folder is one line", async () => {
  const folder = await temporaryFolder({ file: "" });
  const inFile = join(folder, "file", "training");
  await expect(holdFolder(inFile, async () => 1)).rejects.toMatchObject({ code: "output-unwritable" });
  const full = () => Promise.reject(Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" }));
  await expect(holdFolder(folder, full)).rejects.toMatchObject({
    code: "output-unwritable",
    message: `the disk that holds ${folder} is full; free some space or choose another place`,
  });
});

test("a folder is free for a training if it is empty, or begun with the same recipe", async () => {
  const folder = await temporaryFolder({});
  await checkFolder(join(folder, "none"), recipe);
  await checkFolder(folder, recipe);
  await writeFile(join(folder, ".in-use"), makerName());
  await checkFolder(folder, recipe);
  await writeFile(join(folder, "recipe.json"), JSON.stringify(recipe));
  await mkdir(join(folder, "images"));
  await checkFolder(folder, recipe);
  await expect(checkFolder(folder, { ...recipe, epochs: 4 })).rejects.toMatchObject({
    code: "usage",
    message: `${folder} holds another training (other epochs)`,
    details: { missing: "trainingFolder" },
  });
});

test("other files are left alone", async () => {
  const folder = await temporaryFolder({ "thesis.tex": "" });
  await expect(checkFolder(folder, recipe)).rejects.toMatchObject({
    code: "usage",
    message: `${folder} holds other files (thesis.tex)`,
    details: { missing: "trainingFolder" },
  });
});
