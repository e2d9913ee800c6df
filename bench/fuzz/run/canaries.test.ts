import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../electron/disk/testing/temporary-folder.ts";
import { Canaries } from "./canaries.ts";

it("tells which of its files were read", async () => {
  const [first, second] = [await temporaryFolder(), await temporaryFolder()];
  const canaries = new Canaries([first, second]);
  await canaries.plant();
  expect(await canaries.read()).toEqual([]);
  await writeFile(join(second, "other.bin"), "other");
  await readFile(join(second, "canary.bin"));
  expect(await canaries.read()).toEqual([join(second, "canary.bin")]);
  await canaries.reset();
  expect(await canaries.read()).toEqual([]);
});
