import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensurePython, findPython } from "./ensure-python.mjs";

const isSystem = findPython("numpy, onnxruntime, PIL, matplotlib", ["/usr/bin/python3"]) !== undefined;

describe.runIf(process.platform === "linux" && !isSystem)("a Python with ONNX Runtime for tests", () => {
  let tools = "";
  const folder = () => join(tools, "cache", "offramp", "python");

  /** A Python without any module but json; one that it makes has what its pip installs. */
  function stubPython(pip: string) {
    const script = `#!/bin/sh
case "$*" in
  "-c import json") exit 0;;
  "-c import "*) test -e "$(dirname "$0")/installed";;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;
  "-m pip install "*) echo "$*" >>${tools}/log; ${pip};;
esac`;
    const path = join(tools, "python3");
    writeFileSync(path, script);
    chmodSync(path, 0o755);
    return path;
  }

  beforeEach(() => {
    tools = mkdtempSync(join(tmpdir(), "offramp-tools-"));
    vi.stubEnv("PATH", `${tools}${delimiter}${process.env.PATH}`);
    vi.stubEnv("XDG_CACHE_HOME", join(tools, "cache"));
    vi.stubEnv("OFFRAMP_TEST_PYTHON", undefined);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(tools, { recursive: true, force: true });
  });

  test("is made once, with the version that Offramp uses, and found where others lack modules", () => {
    const own = stubPython('touch "$(dirname "$0")/installed"');
    const made = join(folder(), "bin", "python");
    for (let time = 0; time < 2; time++) expect(ensurePython(() => {})).toBe(made);
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const log = readFileSync(join(tools, "log"), "utf8");
    expect(log.split("\n")).toHaveLength(2);
    expect(log).toContain(` onnxruntime==${dependencies["onnxruntime-node"]} numpy `);
    vi.stubEnv("OFFRAMP_TEST_PYTHON", own);
    expect(findPython("json")).toBe(own);
  });

  test("it is said why there is none, and nothing is left of it", () => {
    stubPython("echo 'ERROR: No matching distribution found' >&2; exit 1");
    const say = vi.fn();
    ensurePython(say);
    expect(say).toHaveBeenLastCalledWith("It wasn't made: ERROR: No matching distribution found");
    expect(existsSync(folder())).toBe(false);
  });
});
