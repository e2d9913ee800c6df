import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureNats, findNats } from "./ensure-nats.mjs";

describe.runIf(process.platform === "linux")("a NATS server for tests", () => {
  let tools = "";

  function program(name: string, script: string) {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
    return join(tools, name);
  }

  beforeEach(() => {
    tools = mkdtempSync(join(tmpdir(), "offramp-tools-"));
    vi.stubEnv("PATH", `${tools}${delimiter}${process.env.PATH}`);
    program("server-2", "echo nats-server: v2.9.10");
    program("server-1", "echo nats-server: v1.4.1");
    program("apt-cache", "echo nats-server");
    program(
      "apt-get",
      `echo "$@" >>${tools}/log; case "$*" in *install*) cp ${tools}/server-2 ${tools}/late;; esac`,
    );
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(tools, { recursive: true, force: true });
  });

  test("the first that has JetStream's major version is taken", () => {
    expect(findNats([undefined, "none", "server-1", "server-2"])).toBe("server-2");
    expect(findNats(["server-1"])).toBeUndefined();
  });

  test("root gets Debian's, others are told how", () => {
    const say = vi.fn();
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    expect(ensureNats(say, ["late"])).toBeUndefined();
    expect(say.mock.calls.join()).toMatch(/apt-get install .*nats-server/);
    vi.spyOn(process, "getuid").mockReturnValue(0);
    expect(ensureNats(say, ["late"])).toBe("late");
    expect(readFileSync(join(tools, "log"), "utf8")).toMatch(/install .*nats-server/);
  });
});
