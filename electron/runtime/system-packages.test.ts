import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ensureSystemPackages } from "./system-packages.mjs";
import { programsOnPath } from "./testing/programs-on-path.ts";

describe.runIf(process.platform === "linux")("system packages", () => {
  const tools = programsOnPath();

  beforeEach(() => {
    tools.program(
      "ldd",
      `test -e ${tools.folder()}/installed || echo '	libnss3.so => not found'; echo '	libc.so.6 => /lib/libc.so.6'`,
    );
    tools.program("apt-cache", "printf 'libnss3\\nlibasound2\\nlibasound2t64\\n'");
    tools.program(
      "apt-get",
      `echo "$@" >>${tools.folder()}/log; case "$*" in *install*) touch ${tools.folder()}/installed;; esac`,
    );
  });

  test("root gets what is missing, under the names of this distribution, once", () => {
    vi.spyOn(process, "getuid").mockReturnValue(0);
    const say = vi.fn();
    const installed = ensureSystemPackages({ executable: "electron", display: false, say });
    expect(say).toHaveBeenCalledWith("Installing system packages for Electron (missing: libnss3.so)…");
    expect(installed).toContain("libasound2t64");
    expect(installed).toContain("libnss3");
    expect(installed).not.toContain("xvfb");
    const log = readFileSync(tools.path("log"), "utf8").split("\n");
    expect(log[0]).toContain("update");
    expect(log[1]).toContain("install --yes --no-install-recommends libnss3 ");

    expect(ensureSystemPackages({ executable: "electron", display: false, say })).toEqual([]);
    expect(say).toHaveBeenCalledTimes(1);
  });

  test("others are told the command, and nothing is installed", () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    expect(() => ensureSystemPackages({ executable: "electron", display: false })).toThrow(
      /needs libnss3\.so, missing .*\n {2}sudo apt-get update && sudo apt-get install --no-install-recommends libnss3 /,
    );
    expect(existsSync(tools.path("log"))).toBe(false);
  });

  test("Xvfb is wanted where there is no display", () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    writeFileSync(tools.path("installed"), "");
    vi.stubEnv("PATH", tools.folder());
    vi.stubEnv("DISPLAY", undefined);
    vi.stubEnv("WAYLAND_DISPLAY", undefined);
    tools.program("ldd", "");
    expect(() => ensureSystemPackages({ executable: "electron" })).toThrow(
      /needs Xvfb, missing .*\n.* xvfb xauth/,
    );
    vi.stubEnv("DISPLAY", ":7");
    expect(ensureSystemPackages({ executable: "electron" })).toEqual([]);
  });
});
