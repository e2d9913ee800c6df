import { spawn } from "node:child_process";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { draftOf, sweepDrafts } from "./drafts.ts";
import { isAbandoned, makerName } from "./maker.ts";
import { makeScratchFolder, sweepScratchFolders } from "./scratch-folder.ts";
import { deadMaker } from "./testing/dead-maker.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const now = Date.now();
const twoDaysAgo = now - 48 * 3600e3;

describe("the name of a maker", () => {
  it("tells whether the process runs, however old the draft is", () => {
    expect(makerName()).toMatch(/^\d+-[0-9a-z]+-[0-9a-f]{6}$/);
    expect(isAbandoned(draftOf("plan.json"), twoDaysAgo)).toBe(false);
    expect(isAbandoned(`plan.json.${deadMaker()}.draft`, now)).toBe(true);
  });

  it.runIf(process.platform === "linux")("isn't taken for a later process with the same number", () => {
    const [pid, started, place] = makerName().split("-");
    const other = started === "1" ? "2" : "1";
    expect(isAbandoned(`x.${pid}-${other}-${place}.draft`, now)).toBe(true);
  });

  it.runIf(process.platform === "linux")(
    "of a process that was killed and isn't waited for is a dead one's",
    async () => {
      const child = spawn("sh", ["-c", "sleep 60 & echo $!; kill -9 $!; exec sleep 60"]);
      try {
        const zombie = await new Promise<string>((resolve) =>
          child.stdout.once("data", (text) => resolve(String(text).trim())),
        );
        const [, , place] = makerName().split("-");
        await expect.poll(() => isAbandoned(`x.${zombie}-0-${place}.draft`, now)).toBe(true);
      } finally {
        child.kill("SIGKILL");
      }
    },
  );

  it("of another machine, or none, counts for a day", () => {
    for (const name of [
      "x.4711-abc-000000.draft",
      "x.draft",
      "x.12345678-1234-1234-1234-1234567890ab.draft",
    ]) {
      expect(isAbandoned(name, now - 3600e3), name).toBe(false);
      expect(isAbandoned(name, twoDaysAgo), name).toBe(true);
    }
  });
});

describe("drafts", () => {
  it("of dead processes are swept beside what they were to become; nothing else is touched", async () => {
    const dead = deadMaker();
    const kept = [
      "plan.json",
      "plan.json.draft",
      "plan.json.my.draft",
      `plan.json.old.${dead}.0a1b2c3d.draft`,
      `other.json.${dead}.0a1b2c3d.draft`,
      `plan.json.${dead}.txt`,
    ];
    const root = await temporaryFolder(
      Object.fromEntries([...kept, `plan.json.${dead}.0a1b2c3d.draft`].map((name) => [name, ""])),
    );
    for (const name of kept) await utimes(join(root, name), new Date(twoDaysAgo), new Date(twoDaysAgo));
    const alive = draftOf(join(root, "plan.json"));
    await writeFile(alive, "");
    sweepDrafts(join(root, "plan.json"));
    expect((await readdir(root)).map((name) => join(root, name)).sort()).toEqual(
      [...kept.map((name) => join(root, name)), alive].sort(),
    );
    sweepDrafts(join(root, "missing", "plan.json"));
  });
});

describe("temporary folders", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("of dead processes are swept, and a missing one for all of them is named", async () => {
    const dead = `offramp-probe-${deadMaker()}-abcdef`;
    const foreign = "offramp-probe-abcdef";
    const root = await temporaryFolder({ [`${dead}/model.onnx`]: "", [`${foreign}/model.onnx`]: "" });
    await utimes(join(root, foreign), new Date(twoDaysAgo), new Date(twoDaysAgo));
    vi.stubEnv("TMPDIR", root);
    expect(tmpdir()).toBe(root);
    const mine = await makeScratchFolder("profile");
    sweepScratchFolders();
    expect((await readdir(root)).map((name) => join(root, name)).sort()).toEqual(
      [join(root, foreign), mine].sort(),
    );

    vi.stubEnv("TMPDIR", join(root, "gone"));
    await expect(makeScratchFolder("images")).rejects.toMatchObject({
      code: "output-unwritable",
      message: `${join(root, "gone")}, the folder for temporary files, can't be written (the system keeps no files there); make room there, or choose another with TMPDIR`,
    });
    sweepScratchFolders();
  });
});
