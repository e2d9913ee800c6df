import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { listingFingerprint } from "./fingerprint.ts";

it("looks a file up once that is named again and again", async () => {
  const root = await temporaryFolder({ "a.png": "1", "b.png": "22" });
  const printed = (paths: readonly string[]) => listingFingerprint(["csv"], root, paths, silentJob);
  const once = await printed(["a.png", "b.png"]);
  expect(await printed(["a.png", "b.png", ...Array(1000).fill("a.png")])).toBe(once);
  expect(await printed(["b.png", "a.png"])).not.toBe(once);
  await utimes(join(root, "b.png"), 1000, 1000);
  expect(await printed(["a.png", "b.png"])).not.toBe(once);
});
