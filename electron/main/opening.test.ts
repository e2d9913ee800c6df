import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { exitReason } from "./engine/exit-reason.ts";
import { fileAmong, fileKind } from "./files/file-kinds.ts";
import { Closing } from "./window/closing.ts";
import { isAllowedLink } from "./window/external-links.ts";

describe("what a start opens", () => {
  it.each<[string, string[], boolean, string | null]>([
    ["a file of a packaged app", ["offramp", "net.onnx"], false, resolve("/work", "net.onnx")],
    ["past options", ["offramp", "--no-sandbox", "a/net.onnx"], false, resolve("/work", "a/net.onnx")],
    ["past the app's own folder", ["electron", "--x", ".", "--y", "/n.onnx"], true, resolve("/n.onnx")],
    ["nothing unpackaged", ["electron", "."], true, null],
    ["nothing", ["offramp", "--flag", ""], false, null],
  ])("%s", (_, argv, namesApp, path) => {
    expect(fileAmong(argv, namesApp, "/work")).toBe(path);
  });

  it("knows files by their extension, in any case", () => {
    expect([".onnx", "a.ONNX", "b.offramp", "c.offramp.zip", "d"].map(fileKind)).toEqual([
      undefined,
      "model",
      "project",
      undefined,
      undefined,
    ]);
  });
});

it("links lead to known hosts by plain https only", () => {
  expect(isAllowedLink("https://arxiv.org/abs/2008.03997")).toBe(true);
  for (const url of [
    "http://arxiv.org/",
    "https://arxiv.org.evil.test/",
    "https://evil.test/arxiv.org",
    "https://arxiv.org@evil.test/",
    "https://user@arxiv.org/",
    "https://arxiv.org:8443/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "arxiv.org",
    "",
  ])
    expect(isAllowedLink(url), url).toBe(false);
});

it("a process's end is told in plain words", () => {
  expect(exitReason(11, "crashed", undefined)).toBe("crashed (code 11)");
  expect(exitReason(9, "killed", undefined)).toBe("was killed, by the system or by somebody");
  expect(exitReason(5, "oom", undefined)).toBe("ran out of memory");
  expect(exitReason(5, "crashed", "invalid array length")).toBe("ran out of memory");
  expect(exitReason(1, undefined, undefined)).toBe("ended with code 1");
});

describe("closing", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function make(isAlive = true) {
    const closed: boolean[] = [];
    let asked = 0;
    const closing = new Closing({
      ask: () => asked++,
      isAlive: () => isAlive,
      close: (isSettled) => closed.push(isSettled),
    });
    const decided: boolean[] = [];
    const request = () => closing.request().then((isClosed) => decided.push(isClosed));
    return { closing, request, closed, decided, asked: () => asked };
  }

  it("waits for the page, however long the person thinks once the page is at it", async () => {
    const { closing, request, closed, decided, asked } = make();
    const going = request();
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(4_999);
    closing.answered();
    vi.advanceTimersByTime(600_000);
    expect([closed, decided]).toEqual([[], []]);
    closing.agreed();
    await going;
    expect([closed, decided]).toEqual([[true], [true]]);
  });

  it("stays if the person wants to, and whoever asked is told, however often", async () => {
    const { closing, request, closed, decided } = make();
    const going = [request(), request()];
    closing.refused();
    await Promise.all(going);
    vi.advanceTimersByTime(60_000);
    expect([closed, decided]).toEqual([[], [false, false]]);
    const again = request();
    closing.agreed();
    await again;
    expect([closed, decided]).toEqual([[true], [false, false, true]]);
  });

  it("goes on without a page that doesn't answer, or is gone", async () => {
    const silent = make();
    const going = silent.request();
    vi.advanceTimersByTime(5_000);
    await going;
    expect([silent.closed, silent.decided]).toEqual([[false], [true]]);
    const gone = make(false);
    await gone.request();
    expect([gone.closed, gone.decided]).toEqual([[false], [true]]);
    expect(gone.asked()).toBe(0);
  });
});
