import { existsSync } from "node:fs";
import { copyFile, readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { frontFileSchema } from "../shared/files/front-file.ts";
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

const { path } = ownFolder();

describe("wrong usage is one line that names the flag, with exit code 2", () => {
  const run = (...more: string[]) => [...smallRun(path("out")), ...more];
  test.concurrent.each<[string, () => string[], RegExp]>([
    ["an unknown command", () => ["fly"], /^offramp: unknown command 'fly'; see `offramp --help`\n$/],
    ["an unknown flag", () => run("--foo"), /^offramp: unknown option '--foo'; see `offramp run --help`\n$/],
    [
      "a misspelt flag",
      () => run("--max-dorp", "1"),
      /unknown option '--max-dorp' \(Did you mean --max-drop\?\)/,
    ],
    ["no model", () => ["inspect"], /missing required argument 'model'; see `offramp inspect --help`/],
    ["two models", () => ["inspect", "a.onnx", "b.onnx"], /too many arguments/],
    ["no data", () => ["run", "a.onnx", "--out", "x"], /required option '--data <path>' not specified/],
    ["a flag without its value", () => ["run", "a.onnx", "--out"], /'--out <folder>' argument missing/],
    [
      "letters for a number",
      () => run("--epochs", "many"),
      /'many' is invalid\. expected a whole number from 1/,
    ],
    ["a number out of range", () => run("--max-drop", "-1"), /expected a number from 0 to 100/],
    ["accuracy as a share", () => run("--min-accuracy", "0.93"), /expected a number from 1 to 100/],
    ["a rate above all", () => run("--max-backbone-rate", "101"), /expected a number from 0 to 100/],
    ["no memory", () => run("--max-memory", "0"), /expected a number of at least 1/],
    ["no time at all", () => run("--max-latency", "0"), /expected a number of at least 0\.000001/],
    ["a seed that is none", () => ["search", "p", "--seed", "x"], /--seed <n>' argument 'x' is invalid/],
    ["an unknown algorithm", () => run("--algorithm", "magic"), /Allowed choices are exact, nsga2/],
    ["an unknown head", () => run("--head", "huge"), /no head kind 'huge'|huge.*mixed-hidden/],
    ["an unknown policy", () => run("--policy", "luck"), /luck.*top1, entropy, margin/],
    [
      "an unknown provider",
      () => run("--provider", "abacus"),
      /no execution provider 'abacus' .*; choose from /,
    ],
    ["more threads than cores", () => run("--threads", "1000"), /1000 threads: this machine has \d+ cores/],
    ["a head's option out of range", () => run("--mixed-hidden-units", "0"), /--mixed-hidden-units/],
    ["an image size that is none", () => run("--input-size", "big"), /expected HEIGHTxWIDTH/],
    [
      "an image size that isn't the model's",
      () => run("--input-size", "32x32"),
      /takes images of 16x16, not 32x32/,
    ],
    ["a confidence in per cent", () => run("--confidence", "95"), /expected a number from 0\.5 to 0\.9999/],
    ["an empty folder name", () => run("--out", ""), /option '--out <folder>' is given an empty value; see/],
    ["an empty model name", () => ["inspect", ""], /argument 'model' is empty; see `offramp inspect --help`/],
    [
      "nothing to search",
      () => ["search"],
      /nothing to search: give a \.offramp project, or --table and --profile/,
    ],
    ["a table without a profile", () => ["search", "--table", "t.npz"], /nothing to search/],
    [
      "an export format",
      () => ["export", "p", "-o", "x", "--format", "exe"],
      /Allowed choices are single-file/,
    ],
  ])("%s", (_, args, says) => expectRefusal(args(), { code: 2, says }));
});

test("a target that isn't there is refused before anything is trained", async () => {
  const environment = { OFFRAMP_CACHE: path("unused-cache") };
  for (const wish of [
    ["--threads", "1000"],
    ["--provider", "abacus"],
  ])
    await expectRefusal([...smallRun(path("out")), ...wish], { code: 2, says: /choose/ }, { environment });
  expect(existsSync(environment.OFFRAMP_CACHE)).toBe(false);
});

test("help is no error", async () => {
  for (const args of [["--help"], ["help", "run"], ["demo", "--help"], ["--version"]]) {
    const { code, stdout, stderr } = await offramp(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.length).toBeGreaterThan(5);
  }
});

describe("a use case that can't be met", () => {
  test("gets the nearest plan, and by how much it misses; the files are written, the exit code is 0", async () => {
    const out = path("impossible");
    const args = [...smallRun(out), "--max-latency", "0.000001"];
    const summary = await offrampJson(args, summarySchema);
    expect(summary.plan.feasible).toBe(false);
    const [miss, ...others] = summary.plan.misses;
    expect(others).toEqual([]);
    expect(miss).toMatchObject({ constraint: "maxLatencyMs", wanted: 0.000001 });
    expect(miss.got).toBeCloseTo(summary.plan.calibration.latencyMs.mean, 9);
    expect(await readdir(out)).toContain("model.onnx");
    const { stdout, code } = await offramp(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /The use case is missed: at most 0\.000001 ms mean latency wanted\. The nearest plan has [\d.]+ ms/,
    );
  });

  test("is told for each constraint that is missed", async () => {
    const { project } = await finishedRun();
    const args = ["search", project, "--no-compare", "--min-accuracy", "100", "--max-bytes", "1000"];
    const { recommended } = await offrampJson(args, frontFileSchema);
    expect(recommended.feasible).toBe(false);
    expect(recommended.misses.map(({ constraint }) => constraint)).toContain("maxBytes");
  });
});

test("no command replaces the model that it reads, nor one that isn't an export", async () => {
  await copyFile(shared("model.onnx"), path("model.onnx"));
  const before = await readFile(path("model.onnx"));
  const says = /model\.onnx is there already and Offramp didn't make it/;
  await expectRefusal(smallRun(path(), path("model.onnx")), { says });
  await expectRefusal(smallRun(path()), { says });
  const { project } = await finishedRun();
  await expectRefusal(["export", project, "-o", path()], { says });
  await expectRefusal(["train", path("model.onnx"), ...smallData(), "-o", path("model.onnx")], {
    code: 2,
    says: /model\.onnx is what is read; give another name/,
  });
  await expectRefusal(["profile", path("model.onnx"), "-o", path("model.onnx")], {
    code: 2,
    says: /is what is read/,
  });
  expect(await readFile(path("model.onnx"))).toEqual(before);
});

test("a reader that stops reading is no failure, a result that can't be written is", async () => {
  const shell = (script: string) => startProgram("bash", ["-c", script]).finished;
  const inspect = `node '${cliPath}' inspect '${shared("model.onnx")}' --quiet --json`;
  const cut = await shell(`${inspect} | true; echo \${PIPESTATUS[0]}`);
  expect(cut).toEqual({ code: 0, stdout: "0\n", stderr: "" });
  if (process.platform !== "linux") return;
  const full = await shell(`${inspect} > /dev/full`);
  expect(full).toEqual({ code: 1, stdout: "", stderr: "offramp: the result can't be printed (ENOSPC)\n" });
});
