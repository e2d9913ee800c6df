import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureOnnxruntime } from "./ensure-onnxruntime.mjs";

const isSystem = existsSync("/usr/include/onnxruntime/onnxruntime_cxx_api.h");

describe.runIf(process.platform === "linux" && !isSystem)("ONNX Runtime's headers for tests", () => {
  let tools = "";

  function program(name: string, script: string) {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
  }

  function debian(codename: string) {
    const release = join(tools, "os-release");
    writeFileSync(release, `NAME="Debian GNU/Linux"\nVERSION_CODENAME=${codename}\nID=debian\n`);
    return release;
  }

  beforeEach(() => {
    tools = mkdtempSync(join(tmpdir(), "offramp-tools-"));
    vi.stubEnv("PATH", `${tools}${delimiter}${process.env.PATH}`);
    vi.stubEnv("XDG_CACHE_HOME", join(tools, "cache"));
    vi.stubEnv("OFFRAMP_TEST_ONNXRUNTIME", undefined);
    for (const name of ["c++", "cmake"]) program(name, "exit 0");
    program(
      "apt-get",
      `case "$*" in
        indextargets*) printf 'bookworm-updates main http://other/\\nbookworm main http://mirror/debian/\\n';;
        *update*) cat "$(dirname "$5")/sources.list" >>${tools}/log;;
        *download*) touch "$7_1.21.deb";;
      esac`,
    );
    program(
      "dpkg-deb",
      `test -e "$2" && mkdir -p "$3/usr/include/onnxruntime" && touch "$3/usr/include/onnxruntime/onnxruntime_cxx_api.h"`,
    );
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(tools, { recursive: true, force: true });
  });

  test("they come from this machine's own mirror into the cache, once, and leave nothing else", () => {
    const say = vi.fn();
    const include = join(tools, "cache", "offramp", "onnxruntime-headers");
    for (let time = 0; time < 2; time++) {
      const kit = ensureOnnxruntime(say, debian("bookworm"));
      expect(kit).toEqual({ include, library: expect.stringMatching(/libonnxruntime\.so\.1$/) });
    }
    expect(say).not.toHaveBeenCalled();
    expect(readFileSync(join(tools, "log"), "utf8")).toMatch(
      /^deb \[signed-by=[^\]]+\] http:\/\/mirror\/debian\/ trixie main\n$/,
    );
    expect(readdirSync(join(tools, "cache", "offramp"))).toEqual(["onnxruntime-headers"]);
  });

  test("it is said why there are none", () => {
    const say = vi.fn();
    expect(ensureOnnxruntime(say, join(tools, "none"))).toBeUndefined();
    expect(say).toHaveBeenLastCalledWith("ONNX Runtime's headers weren't fetched: this is no Debian");
    expect(ensureOnnxruntime(say, debian("sid"))).toBeUndefined();
    expect(say.mock.lastCall![0]).toMatch(/apt-get knows no mirror of sid$/);
    program("dpkg-deb", "exit 2");
    expect(ensureOnnxruntime(say, debian("bookworm"))).toBeUndefined();
    expect(readdirSync(join(tools, "cache", "offramp"))).toEqual([]);
  });

  test("without a compiler nothing is built, and nobody but root gets one", () => {
    const say = vi.fn();
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    program("c++", "exit 1");
    expect(ensureOnnxruntime(say, debian("bookworm"))).toBeUndefined();
    expect(say.mock.calls.join()).toMatch(/a C\+\+ compiler and CMake, missing .*\n.* g\+\+ cmake make/);
    vi.restoreAllMocks();
  });
});
