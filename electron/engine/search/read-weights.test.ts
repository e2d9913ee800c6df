import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeNpy } from "../base/npy.ts";
import { readClassWeights, readSampleWeights, weightsByIndex } from "./read-weights.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-weights-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test("class weights come as JSON or as lines, by name or by number", async () => {
  const json = await readClassWeights(await file("a.json", '{"cat": 3, "2": 0.5}'));
  const lines = await readClassWeights(await file("a.csv", "cat, 3\r\n2,0.5\n"));
  expect([...json].sort()).toEqual([...lines].sort());
  expect(weightsByIndex(json, ["dog", "cat", "ant"])).toEqual({ 1: 3, 2: 0.5 });
  // A class that is called by a number is meant by it.
  expect(weightsByIndex(new Map([["2", 4]]), ["2", "1", "0"])).toEqual({ 0: 4 });
  expect([...(await readClassWeights(await file("b.csv", "bag, tote,2")))]).toEqual([["bag, tote", 2]]);
});

test("sample weights come as NumPy, JSON or lines", async () => {
  const npy = encodeNpy({ shape: [3], data: Float32Array.of(1, 0.5, 2) });
  for (const path of [
    await file("w.npy", npy),
    await file("w.json", "[1, 0.5, 2]"),
    await file("w.txt", "1\n0.5\n2\n"),
  ])
    expect(await readSampleWeights(path)).toEqual([1, 0.5, 2]);
});

test.each([
  ["c.json", '{"cat": -1}', /gives -1 as the weight of class 'cat', expected a number from 0 on/],
  ["c.json", '{"cat": "many"}', /gives "many" as the weight/],
  ["c.json", '{"cat": 1', /is no valid JSON/],
  ["c.csv", "cat,1\ncat,2", /weighs the class 'cat' twice/],
  ["c.csv", "cat", /gives "" as the weight of class 'cat'/],
])("%s: %s", async (name, content, says) => {
  await expect(readClassWeights(await file(name, content))).rejects.toThrow(says);
});

test("samples' weights that are no list of numbers are refused", async () => {
  await expect(readSampleWeights(await file("bad.txt", "1\n\n2"))).rejects.toThrow(
    /"" as the weight of sample 1/,
  );
  const square = encodeNpy({ shape: [2, 2], data: Float32Array.of(1, 1, 1, 1) });
  await expect(readSampleWeights(await file("bad.npy", square))).rejects.toThrow(/has shape \[2,2\]/);
  await expect(readSampleWeights(join(folder, "none"))).rejects.toThrow(/no such file/);
});

test("classes that aren't there are named, with those that are", () => {
  expect(() => weightsByIndex(new Map([["fish", 2]]), ["dog", "cat"])).toThrow(
    "a weight for class 'fish', but no such class; there are 2: dog, cat",
  );
  expect(() => weightsByIndex(new Map([["2", 2]]), ["dog", "cat"])).toThrow("a weight for class '2'");
  const twice = new Map([
    ["dog", 2],
    ["0", 2],
  ]);
  expect(() => weightsByIndex(twice, ["dog", "cat"])).toThrow("class 'dog' is weighted twice");
});
