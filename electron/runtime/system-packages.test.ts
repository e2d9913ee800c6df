import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureSystemPackages } from "./system-packages.mjs";

describe.runIf(process.platform === "linux")("system packages", () => {
  let tools = "";

  /** Puts a program before all others on the path. */
  function program(name: string, script: string) {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
  }

  beforeEach(() => {
    tools = mkdtempSync(join(tmpdir(), "offramp-tools-"));
    vi.stubEnv("PATH", `${tools}${delimiter}${process.env.PATH}`);
    program(
      "ldd",
      `test -e ${tools}/installed || echo '	libnss3.so => not found'; echo '	libc.so.6 => /lib/libc.so.6'`,
    );
    program("apt-cache", "printf 'libnss3\\nlibasound2\\nlibasound2t64\\n'");
    program("apt-get", `echo "$@" >>${tools}/log; case "$*" in *install*) touch ${tools}/installed;; esac`);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(tools, { recursive: true, force: true });
  });

  test("root gets what is missing, under the names of this distribution, once", () => {
    vi.spyOn(process, "getuid").mockReturnValue(0);
    const say = vi.fn();
    const installed = ensureSystemPackages({ executable: "electron", display: false, say });
    expect(say).toHaveBeenCalledWith("Installing system packages for Electron (missing: libnss3.so)…");
    expect(installed).toContain("libasound2t64");
    expect(installed).toContain("libnss3");
    expect(installed).not.toContain("xvfb");
    const log = readFileSync(join(tools, "log"), "utf8").split("\n");
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
    expect(existsSync(join(tools, "log"))).toBe(false);
  });

  test("Xvfb is wanted where there is no display", () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    writeFileSync(join(tools, "installed"), "");
    vi.stubEnv("PATH", tools);
    vi.stubEnv("DISPLAY", undefined);
    vi.stubEnv("WAYLAND_DISPLAY", undefined);
    program("ldd", "");
    expect(() => ensureSystemPackages({ executable: "electron" })).toThrow(
      /needs Xvfb, missing .*\n.* xvfb xauth/,
    );
    vi.stubEnv("DISPLAY", ":7");
    expect(ensureSystemPackages({ executable: "electron" })).toEqual([]);
  });
});
