import { readFileSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ensureTorch, findTorch } from "./ensure-torch.mjs";
import { programsOnPath } from "./testing/programs-on-path.ts";

describe.runIf(process.platform === "linux")("PyTorch for tests", () => {
  const tools = programsOnPath();

  beforeEach(() => {
    tools.program("python3", `test -e ${tools.folder()}/installed`);
    tools.program("apt-cache", "printf 'python3-torch\\npython3-numpy\\n'");
    tools.program(
      "apt-get",
      `echo "$@" >>${tools.folder()}/log; case "$*" in *install*) touch ${tools.folder()}/installed;; esac`,
    );
  });

  test("the first Python that has it is taken", () => {
    const other = tools.program("other", `test "$2" = "import torch, numpy"`);
    expect(findTorch([undefined, tools.path("none"), "python3", other])).toBe(other);
    writeFileSync(tools.path("installed"), "");
    expect(findTorch([undefined, tools.path("none"), "python3", other])).toBe("python3");
    expect(findTorch([tools.path("none")])).toBeUndefined();
  });

  test("root gets Debian's, once", () => {
    vi.spyOn(process, "getuid").mockReturnValue(0);
    const say = vi.fn();
    expect(ensureTorch(say, ["python3"])).toBe("python3");
    expect(say).toHaveBeenCalledWith(
      "Installing system packages for PyTorch (missing: PyTorch and NumPy for a Python)…",
    );
    expect(readFileSync(tools.path("log"), "utf8")).toContain(
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
    tools.program("apt-get", "echo 'no network' >&2; exit 100");
    expect(ensureTorch(say, ["python3"])).toBeUndefined();
    expect(say.mock.lastCall![0]).toBe("apt-get update failed: no network");
  });
});
