import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ensureOnnxruntime } from "./ensure-onnxruntime.mjs";
import { programsOnPath } from "./testing/programs-on-path.ts";

const isSystem = existsSync("/usr/include/onnxruntime/onnxruntime_cxx_api.h");

describe.runIf(process.platform === "linux" && !isSystem)("ONNX Runtime's headers for tests", () => {
  const tools = programsOnPath();

  function debian(codename: string) {
    const release = tools.path("os-release");
    writeFileSync(release, `NAME="Debian GNU/Linux"\nVERSION_CODENAME=${codename}\nID=debian\n`);
    return release;
  }

  beforeEach(() => {
    vi.stubEnv("XDG_CACHE_HOME", tools.path("cache"));
    vi.stubEnv("OFFRAMP_TEST_ONNXRUNTIME", undefined);
    for (const name of ["c++", "cmake"]) tools.program(name, "exit 0");
    tools.program(
      "apt-get",
      `case "$*" in
        indextargets*) printf 'bookworm-updates main http://other/\\nbookworm main http://mirror/debian/\\n';;
        *update*) cat "$(dirname "$5")/sources.list" >>${tools.folder()}/log;;
        *download*) touch "$7_1.21.deb";;
      esac`,
    );
    tools.program(
      "dpkg-deb",
      `test -e "$2" && mkdir -p "$3/usr/include/onnxruntime" && touch "$3/usr/include/onnxruntime/onnxruntime_cxx_api.h"`,
    );
  });

  test("they come from this machine's own mirror into the cache, once, and leave nothing else", () => {
    const say = vi.fn();
    const include = join(tools.folder(), "cache", "offramp", "onnxruntime-headers");
    for (let time = 0; time < 2; time++) {
      const kit = ensureOnnxruntime(say, debian("bookworm"));
      expect(kit).toEqual({ include, library: expect.stringMatching(/libonnxruntime\.so\.1$/) });
    }
    expect(say).not.toHaveBeenCalled();
    expect(readFileSync(tools.path("log"), "utf8")).toMatch(
      /^deb \[signed-by=[^\]]+\] http:\/\/mirror\/debian\/ trixie main\n$/,
    );
    expect(readdirSync(join(tools.folder(), "cache", "offramp"))).toEqual(["onnxruntime-headers"]);
  });

  test("it is said why there are none", () => {
    const say = vi.fn();
    expect(ensureOnnxruntime(say, tools.path("none"))).toBeUndefined();
    expect(say).toHaveBeenLastCalledWith("ONNX Runtime's headers weren't fetched: this is no Debian");
    expect(ensureOnnxruntime(say, debian("sid"))).toBeUndefined();
    expect(say.mock.lastCall![0]).toMatch(/apt-get knows no mirror of sid$/);
    tools.program("dpkg-deb", "exit 2");
    expect(ensureOnnxruntime(say, debian("bookworm"))).toBeUndefined();
    expect(readdirSync(join(tools.folder(), "cache", "offramp"))).toEqual([]);
  });

  test("without a compiler nothing is built, and nobody but root gets one", () => {
    const say = vi.fn();
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    tools.program("c++", "exit 1");
    expect(ensureOnnxruntime(say, debian("bookworm"))).toBeUndefined();
    expect(say.mock.calls.join()).toMatch(/a C\+\+ compiler and CMake, missing .*\n.* g\+\+ cmake make/);
    vi.restoreAllMocks();
  });
});
