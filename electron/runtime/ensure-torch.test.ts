import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureTorch, findTorch } from "./ensure-torch.mjs";

describe.runIf(process.platform === "linux")("PyTorch for tests", () => {
  let tools = "";

  function program(name: string, script: string) {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
    return join(tools, name);
  }

  beforeEach(() => {
    tools = mkdtempSync(join(tmpdir(), "offramp-tools-"));
    vi.stubEnv("PATH", `${tools}${delimiter}${process.env.PATH}`);
    program("python3", `test -e ${tools}/installed`);
    program("apt-cache", "printf 'python3-torch\\npython3-numpy\\n'");
    program("apt-get", `echo "$@" >>${tools}/log; case "$*" in *install*) touch ${tools}/installed;; esac`);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(tools, { recursive: true, force: true });
  });

  test("the first Python that has it is taken", () => {
    const other = program("other", `test "$2" = "import torch, numpy"`);
    expect(findTorch([undefined, join(tools, "none"), "python3", other])).toBe(other);
    writeFileSync(join(tools, "installed"), "");
    expect(findTorch([undefined, join(tools, "none"), "python3", other])).toBe("python3");
    expect(findTorch([join(tools, "none")])).toBeUndefined();
  });

  test("root gets Debian's, once", () => {
    vi.spyOn(process, "getuid").mockReturnValue(0);
    const say = vi.fn();
    expect(ensureTorch(say, ["python3"])).toBe("python3");
    expect(say).toHaveBeenCalledWith(
      "Installing system packages for PyTorch (missing: PyTorch and NumPy for a Python)…",
    );
    expect(readFileSync(join(tools, "log"), "utf8")).toContain(
      "install --yes --no-install-recommends python3-torch python3-numpy\n",
    );
    expect(ensureTorch(say, ["python3"])).toBe("python3");
    expect(say).toHaveBeenCalledTimes(1);
  });

  test("others, and those whose installation fails, are told why there is none", () => {
    const say = vi.fn();
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    expect(ensureTorch(say, ["python3"])).toBeUndefined();
    expect(say.mock.lastCall![0]).toMatch(/install --no-install-recommends python3-torch python3-numpy$/);
    vi.spyOn(process, "getuid").mockReturnValue(0);
    program("apt-get", "echo 'no network' >&2; exit 100");
    expect(ensureTorch(say, ["python3"])).toBeUndefined();
    expect(say.mock.lastCall![0]).toBe("apt-get update failed: no network");
  });
});
