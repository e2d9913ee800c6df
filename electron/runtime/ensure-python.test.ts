import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ensurePython, findPython } from "./ensure-python.mjs";
import { programsOnPath } from "./testing/programs-on-path.ts";

const isSystem = findPython("numpy, onnxruntime, PIL, matplotlib", ["/usr/bin/python3"]) !== undefined;

describe.runIf(process.platform === "linux" && !isSystem)("a Python with ONNX Runtime for tests", () => {
  const tools = programsOnPath();
  const folder = () => tools.path("cache/offramp/python");

  /** A Python without any module but json; one that it makes has what its pip installs. */
  function stubPython(pip: string) {
    const script = `case "$*" in
  "-c import json") exit 0;;
  "-c import "*) test -e "$(dirname "$0")/installed";;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;
  "-m pip install "*) echo "$*" >>${tools.folder()}/log; ${pip};;
esac`;
    return tools.program("python3", script);
  }

  beforeEach(() => {
    vi.stubEnv("XDG_CACHE_HOME", tools.path("cache"));
    vi.stubEnv("OFFRAMP_TEST_PYTHON", undefined);
  });

  test("is made once, with the version that Offramp uses, and found where others lack modules", () => {
    const own = stubPython('touch "$(dirname "$0")/installed"');
    const made = join(folder(), "bin", "python");
    for (let time = 0; time < 2; time++) expect(ensurePython(() => {})).toBe(made);
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const log = readFileSync(tools.path("log"), "utf8");
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
