import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { CellSpool } from "./cell-spool.ts";

it("gives cells back in any order, and leaves no file behind", async () => {
  const spool = new CellSpool();
  const [a, empty, b] = await spool.add([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
  const [c] = await spool.add([Uint8Array.of(4, 5, 6)]);
  expect([a, empty, b, c]).toEqual([
    { start: 0, length: 2 },
    { start: 2, length: 0 },
    { start: 2, length: 1 },
    { start: 3, length: 3 },
  ]);
  expect([...(await spool.read(c))]).toEqual([4, 5, 6]);
  expect([...(await spool.read(a))]).toEqual([1, 2]);
  expect([...(await spool.read(empty))]).toEqual([]);
  expect((await readdir(tmpdir())).filter((name) => name.startsWith("offramp-images-"))).toEqual([]);
  await spool.close();
});
