import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeModel } from "../electron/engine/onnx/codec.ts";
import { offramp, ownFolder, shared, smallData } from "./testing/command-line.ts";
import { forgery, withForgedNames } from "./testing/odd-models.ts";

const { path } = ownFolder();

/** Whatever acts on a terminal or turns the text beside it; a line end is ours. */
const acting = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

beforeAll(async () => {
  const proto = withForgedNames();
  await writeFile(path("forged.onnx"), encodeModel(proto));
  proto.graph!.node[2].input[0] = `${forgery}missing`;
  await writeFile(path("unsound.onnx"), encodeModel(proto));
});

describe("names out of a file", () => {
  test("are shown plain and short, each on its own line, and are exact in JSON", async () => {
    const shown = await offramp(["inspect", path("forged.onnx")]);
    expect(shown.code, shown.stderr).toBe(0);
    for (const text of [shown.stdout, shown.stderr]) {
      expect(text).not.toMatch(acting);
      expect(text.split("\n").filter((line) => /^offramp/.test(line))).toEqual([]);
      for (const line of text.split("\n")) expect(line.length).toBeLessThan(400);
    }
    // One line for each cut point, under its column's title.
    expect(shown.stdout.split("\n").filter((line) => /^ +\d {2}␛\]0;owned/.test(line))).toHaveLength(3);
    const { stdout } = await offramp(["inspect", path("forged.onnx"), "--json"]);
    expect(stdout.slice(0, -1)).not.toMatch(/\n|(?!\n)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    expect(JSON.parse(stdout).input.name).toBe(`${forgery}image`);
  });

  test("are told of in one bounded line when they are wrong; --verbose has all of it, as plain", async () => {
    const short = await offramp(["inspect", path("unsound.onnx"), "--quiet"]);
    expect(short).toMatchObject({ code: 1, stdout: "" });
    expect(short.stderr).toMatch(/^offramp: unsound\.onnx is not a sound ONNX model: .*\n$/);
    expect(short.stderr.length).toBeLessThanOrEqual(301);
    expect(short.stderr).not.toMatch(acting);
    const verbose = await offramp(["inspect", path("unsound.onnx"), "--quiet", "--verbose"]);
    expect(verbose.stderr).not.toMatch(acting);
    expect(verbose.stderr.startsWith(short.stderr)).toBe(true);
    expect(verbose.stderr).toMatch(/\n {6}at /);
    expect(
      verbose.stderr
        .split("\n")
        .slice(1, -1)
        .every((line) => line.startsWith("  ")),
    ).toBe(true);
  });
});

describe("a path", () => {
  test("of thousands of characters leaves room for what is wrong with it and what to do", async () => {
    const deep = `/nowhere/${"deep folder/".repeat(300)}model.onnx`;
    const { stderr } = await offramp(["inspect", deep, "--quiet"]);
    expect(stderr).toMatch(/^offramp: \/nowhere\/deep .*…/);
    expect(stderr).toMatch(/expected an ONNX file\n$/);
    expect(stderr.length).toBeLessThanOrEqual(301);
    const verbose = await offramp(["inspect", deep, "--quiet", "--verbose"]);
    expect(verbose.stderr).toContain(deep);
  });

  test("with forged classes is data like any other", async () => {
    const folder = path("data");
    for (const name of [`a${forgery.replaceAll("/", "")}`, "b"])
      await mkdir(join(folder, name), { recursive: true });
    expect(await readdir(folder)).toHaveLength(2);
    const { code, stdout, stderr } = await offramp(["inspect", shared("model.onnx"), "--data", folder]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(acting);
    expect(stderr).toMatch(/^offramp: /m);
  });
});

test("arguments are told of plainly and briefly too", async () => {
  const hostile = `--${forgery}${"x".repeat(5000)}`;
  for (const args of [
    ["inspect", hostile],
    [`${forgery}command`],
    ["run", "m.onnx", ...smallData(), "--epochs", forgery],
  ]) {
    const { code, stderr } = await offramp(args);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(acting);
    expect(stderr).toMatch(/^offramp: [^\n]+\n$/);
    expect(stderr.length).toBeLessThan(400);
  }
});
