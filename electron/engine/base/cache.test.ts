import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { makerName } from "../../disk/maker.ts";
import { deadMaker } from "../../disk/testing/dead-maker.ts";
import { StageCache } from "./cache.ts";
import { hashOf } from "./hash.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-cache-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (entry: string) => readFile(join(entry, "value.txt"), "utf8");

function counted(key: unknown, text = "result") {
  const request = {
    calls: 0,
    stage: "stage",
    key,
    read,
    produce: async (target: string) => {
      request.calls++;
      await writeFile(join(target, "value.txt"), text);
    },
  };
  return request;
}

it("makes a result once, and again when the key differs in anything but key order", async () => {
  const cache = new StageCache(folder);
  const first = counted({ a: 1, b: [1, 2] });
  expect((await cache.get(first)).reused).toBe(false);
  expect((await cache.get({ ...counted({ b: [1, 2], a: 1 }), produce: first.produce })).reused).toBe(true);
  expect(first.calls).toBe(1);
  expect((await cache.get(counted({ a: 1, b: [2, 1] }))).reused).toBe(false);
});

it("repairs an entry whose file was changed, cut short or removed", async () => {
  const request = counted("key");
  expect((await new StageCache(folder).get(request)).result).toBe("result");
  const [name] = await readdir(folder);
  const entry = join(folder, name);
  for (const damage of [
    () => writeFile(join(entry, "value.txt"), "resulT"),
    () => writeFile(join(entry, "value.txt"), "res"),
    () => rm(join(entry, "value.txt")),
    () => writeFile(join(entry, "seal.json"), "{"),
  ]) {
    await damage();
    expect((await new StageCache(folder).get(request)).reused).toBe(false);
    expect(await readFile(join(entry, "value.txt"), "utf8")).toBe("result");
  }
  expect(request.calls).toBe(5);
});

it("makes an entry again that its reader refuses", async () => {
  const cache = new StageCache(folder);
  await cache.get(counted("key", "old format"));
  const strict = async (entry: string) => {
    const text = await read(entry);
    if (text !== "new format") throw new Error("old");
    return text;
  };
  const { result, reused } = await cache.get({ ...counted("key", "new format"), read: strict });
  expect({ result, reused }).toEqual({ result: "new format", reused: false });
});

it("leaves what is no entry alone", async () => {
  await mkdir(join(folder, "sample"));
  await new StageCache(folder, 0).get(counted("a"));
  await new StageCache(folder, 0).get(counted("b"));
  expect(await readdir(folder)).toContain("sample");
  expect((await readdir(folder)).length).toBe(2);
});

it("leaves nothing behind when a stage fails", async () => {
  const failing = {
    stage: "stage",
    key: 1,
    read,
    produce: async (target: string) => {
      await writeFile(join(target, "half"), "x");
      throw new Error("stopped");
    },
  };
  await expect(new StageCache(folder).get(failing)).rejects.toThrow("stopped");
  expect(await readdir(folder)).toEqual([]);
});

it("drops what was used longest ago once over its budget, never what this run used", async () => {
  await new StageCache(folder).get(counted("old", "x".repeat(1000)));
  const cache = new StageCache(folder, 500);
  await cache.get(counted("new", "y".repeat(1000)));
  expect((await readdir(folder)).length).toBe(1);
  expect((await cache.get(counted("new"))).reused).toBe(true);
});

it("hashes equal values alike", () => {
  expect(hashOf({ x: { b: 1, a: 2 } })).toBe(hashOf({ x: { a: 2, b: 1 } }));
  expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
});

/** A job that keeps what it is told. */
function warned() {
  const texts: string[] = [];
  return { texts, job: { ...silentJob, warn: (text: string) => void texts.push(text) } };
}

it("makes again what somebody removes while it is made, and says so once", async () => {
  const { texts, job } = warned();
  const cache = new StageCache(join(folder, "cache"));
  const emptied = (key: string) => {
    let calls = 0;
    const produce = async (target: string) => {
      if (++calls === 1) await rm(join(folder, "cache"), { recursive: true });
      await writeFile(join(target, "value.txt"), `try ${calls}`);
    };
    return { stage: "stage", key, read, produce };
  };
  for (const key of ["a", "b"]) expect((await cache.get(emptied(key), job)).result).toBe("try 2");
  expect(texts).toEqual([
    `something in ${join(folder, "cache")} was removed while it was in use; what was lost is made again`,
  ]);
  expect(await readdir(join(folder, "cache"))).toHaveLength(1);
});

it("whose folder becomes a file meanwhile says why nothing can be kept there", async () => {
  const place = join(folder, "cache");
  const produce = async () => {
    await rm(place, { recursive: true });
    await writeFile(place, "a file");
    await writeFile(join(place, "value.txt"), "result");
  };
  await expect(new StageCache(place).get({ stage: "stage", key: 1, read, produce })).rejects.toMatchObject({
    code: "output-unwritable",
    message: `results can't be kept in ${place} (a file is in its way)`,
    details: { missing: "cacheFolder" },
  });
});

it("sweeps the drafts of processes that were killed at its first use, and leaves those of others", async () => {
  const name = (maker: string) => `stage-${"0".repeat(32)}.${maker}.00000000.draft`;
  for (const maker of [deadMaker(), makerName()])
    await mkdir(join(folder, name(maker), "deep"), { recursive: true });
  expect(await new StageCache(folder).find(counted("a"))).toBeUndefined();
  expect(await readdir(folder)).toEqual([name(makerName())]);
});
