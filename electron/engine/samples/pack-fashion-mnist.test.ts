import { readdir, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { packFashionMnist } from "./pack-fashion-mnist.mjs";

const image = Array.from({ length: 784 }, () => 7);

async function packageOf(rows: readonly (readonly number[])[]): Promise<string> {
  const content = JSON.stringify({ data: rows });
  return temporaryFolder(
    Object.fromEntries(Array.from({ length: 10 }, (_, label) => [`${label}.json`, content])),
  );
}

it("packs what it was written for, and nothing else", async () => {
  const target = await temporaryFolder();
  const pack = (source: string) => () => packFashionMnist(join(target, "images.gz"), source);
  const full = Array.from({ length: 7000 }, () => image);
  expect(pack(await packageOf(full.with(6999, [])))).toThrow(
    /0\.json: holds 6999 images of 784 bytes, expected 7000/,
  );
  expect(pack(await packageOf(full))).toThrow(/holds images of SHA-256 \w{64}, expected eea797ef/);
  expect(await readdir(target)).toEqual([]);
});

it("packs once, and again when it was changed", async () => {
  const target = join(await temporaryFolder({ "images.gz": "as packed before" }), "images.gz");
  packFashionMnist(target, "nowhere");
  await utimes(target, 0, 0);
  expect(() => packFashionMnist(target, "nowhere")).toThrow(/nowhere/);
  expect(await readFile(target, "utf8")).toBe("as packed before");
});
