import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ensureNats, findNats } from "./ensure-nats.mjs";
import { programsOnPath } from "./testing/programs-on-path.ts";

describe.runIf(process.platform === "linux")("a NATS server for tests", () => {
  const tools = programsOnPath();

  beforeEach(() => {
    tools.program("server-2", "echo nats-server: v2.9.10");
    tools.program("server-1", "echo nats-server: v1.4.1");
    tools.program("apt-cache", "echo nats-server");
    tools.program(
      "apt-get",
      `echo "$@" >>${tools.folder()}/log; case "$*" in *install*) cp ${tools.folder()}/server-2 ${tools.folder()}/late;; esac`,
    );
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
    expect(readFileSync(tools.path("log"), "utf8")).toMatch(/install .*nats-server/);
  });
});
