import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { withFolderLock } from "./folder-lock.mjs";

const scratch = mkdtempSync(join(tmpdir(), "offramp-lock-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("one at a time, and the lock goes even if the task fails", async () => {
  const lock = join(scratch, "deep", "one");
  let inside = 0;
  let max = 0;
  const task = async () => {
    max = Math.max(max, ++inside);
    await sleep(30);
    inside--;
    throw new Error("on purpose");
  };
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => withFolderLock(lock, task)));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(max).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

test("the lock of a process that was killed is taken over", async () => {
  const lock = join(scratch, "stale");
  mkdirSync(lock);
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  expect(await withFolderLock(lock, async () => "done")).toBe("done");
});
