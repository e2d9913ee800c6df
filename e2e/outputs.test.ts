import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { summarySchema } from "../shared/files/summary.ts";
import {
  cliPath,
  expectRefusal,
  finishedRun,
  offramp,
  offrampJson,
  ownFolder,
  shared,
  smallData,
  smallRun,
  startProgram,
} from "./testing/command-line.ts";

let run: Awaited<ReturnType<typeof finishedRun>>;
const { path } = ownFolder();

beforeAll(async () => {
  run = await finishedRun();
  await writeFile(path("file"), "in the way");
});

describe("a place that can't be written is found before any work", () => {
  const commands = (out: string): string[][] => [
    smallRun(out),
    ["train", shared("model.onnx"), ...smallData(), "-o", join(out, "p.offramp")],
    ["profile", shared("model.onnx"), "-o", join(out, "p.json")],
    ["export", run.project, "-o", out],
    ["search", run.project, "-o", out],
    ["calibrate", run.project, "--tables", out],
  ];

  test("below a regular file", async () => {
    const says = /file\/deep can't be written \(a file is in its way\); choose another place/;
    await Promise.all(commands(path("file", "deep")).map((args) => expectRefusal(args, { says })));
    expect(await readFile(path("file"), "utf8")).toBe("in the way");
  });

  test.skipIf(process.platform !== "linux")("where the system keeps no files", async () => {
    const says = /\/proc\S* can't be written \(the system keeps no files there\); choose another/;
    for (const out of ["/proc", "/proc/offramp/deep"])
      await Promise.all(commands(out).map((args) => expectRefusal(args, { says })));
  });

  test("a file for a folder, a folder for a file", async () => {
    await expectRefusal(smallRun(path("file")), { says: /file is a file; give a folder for the results/ });
    await expectRefusal(["profile", shared("model.onnx"), "-o", path()], {
      says: /is a folder; give the name of a file to write/,
    });
  });

  test("for the cache", async () => {
    const says =
      /results can't be kept in \S+file \(a file is in its way\); choose another folder with --cache/;
    await expectRefusal([...smallRun(path("out")), "--cache", path("file")], { says });
    expect(existsSync(path("out"))).toBe(false);
  });
});

/** Runs a script in which /small is a disk of one megabyte that is gone afterwards. */
async function onSmallDisk(disk: string, script: string) {
  const whole = `mount -t tmpfs -o size=1m tmpfs '${disk}' && ${script}`;
  return startProgram("unshare", ["-rm", "sh", "-c", whole]).finished.catch(() => undefined);
}

describe("a full disk", () => {
  let disk: string;
  let isPossible: boolean;

  beforeAll(async () => {
    disk = path("disk");
    await mkdir(disk);
    isPossible = (await onSmallDisk(disk, "true"))?.code === 0;
  });

  const quoted = (args: readonly string[]) => ["node", cliPath, ...args].map((word) => `'${word}'`).join(" ");
  const filled = "dd if=/dev/zero of=fill bs=1k count=960 2>/dev/null";
  const impossible = "no small disk can be mounted here (Linux with user namespaces is needed)";

  test("under the results", async (context) => {
    context.skip(!isPossible, impossible);
    for (const args of [smallRun(join(disk, "out")), ["export", run.project, "-o", join(disk, "out")]]) {
      const command = `${quoted([...args, "--quiet"])}; code=$?; find '${disk}'; exit $code`;
      const result = await onSmallDisk(disk, `cd '${disk}' && ${filled}; ${command}`);
      expect(result!.stderr).toMatch(
        /^offramp: the disk that holds \S+ is full; free some space or choose [^\n]+\n$/,
      );
      expect(result!.code).toBe(1);
      expect(result!.stdout.trim().split("\n").sort()).toEqual([disk, join(disk, "fill")]);
    }
  });

  test("under the cache, and under the temporary files", async (context) => {
    context.skip(!isPossible, impossible);
    const args = [...smallRun(path("out")), "--cache", join(disk, "cache"), "--quiet"];
    const cache = await onSmallDisk(
      disk,
      `${quoted(args)}; code=$?; find '${disk}' -name '*.draft'; exit $code`,
    );
    expect(cache).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^offramp: the disk is full; [^\n]+\n$/),
    });
    const temporary = quoted(["inspect", shared("model.onnx"), "--quiet"]);
    const result = await onSmallDisk(disk, `cd '${disk}' && ${filled}; TMPDIR='${disk}' ${temporary}`);
    expect(result!.code).toBe(1);
    expect(result!.stderr).toMatch(
      /^offramp: \S+disk, the folder for temporary files, can't be written \(the disk is full\); make room[^\n]+\n$/,
    );
    expect(existsSync(path("out"))).toBe(false);
  });
});

test("results go into folders that aren't there yet, with spaces and letters of any script, by relative paths", async () => {
  const cwd = path("mes modèles 模型");
  await mkdir(join(cwd, "data"), { recursive: true });
  for (const name of ["model.onnx", "preprocess.json"])
    await writeFile(join(cwd, `mon ${name}`), await readFile(shared(name)));
  const environment = { OFFRAMP_CACHE: "der cache/größe", TMPDIR: join(cwd, "data") };
  const args = [
    ...["run", "mon model.onnx", "--data", shared("data"), "--preprocess", "./mon preprocess.json"],
    ...[
      "--out",
      "nouveau/très profond/出力",
      "--profile-seconds",
      "0.5",
      "--no-compare",
      "--max-drop",
      "0.5",
    ],
  ];
  const summary = await offrampJson(args, summarySchema, { cwd, environment });
  expect(summary.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  expect(await readdir(join(cwd, "nouveau", "très profond", "出力"))).toContain("report.html");
  expect((await readdir(join(cwd, "der cache", "größe"))).length).toBeGreaterThan(6);
  expect(await readdir(join(cwd, "data"))).toEqual([]);
  const train = ["profile", "mon model.onnx", "--profile-seconds", "0.5", "-o", "encore/plus profond/p.json"];
  expect(await offramp([...train, "--quiet"], { cwd, environment })).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
  expect(existsSync(join(cwd, "encore", "plus profond", "p.json"))).toBe(true);
});

test("other people's files in the output folder stay; results of an earlier run are replaced", async () => {
  const out = path("used");
  await mkdir(out);
  await writeFile(join(out, "notes.txt"), "mine");
  await writeFile(join(out, "summary.json"), "old");
  const first = await offramp([...smallRun(out), "--quiet"]);
  expect(first).toEqual({ code: 0, stdout: "", stderr: "" });
  const again = await offrampJson([...smallRun(out), "--max-exits", "1"], summarySchema);
  expect(again.plan.exits.length).toBeLessThanOrEqual(1);
  expect(await readFile(join(out, "notes.txt"), "utf8")).toBe("mine");
  expect(JSON.parse(await readFile(join(out, "summary.json"), "utf8"))).toEqual(again);
  expect((await readdir(join(out, "staged"))).filter((name) => name.endsWith(".onnx"))).toHaveLength(
    again.plan.exits.length + 1,
  );
});
