import { expect, test } from "vitest";
import { listNames, plainName } from "./plain-name.ts";

test("names keep their letters, and lose the power to turn or hide text", () => {
  expect(plainName("日本語 Ä <b>")).toBe("日本語 Ä <b>");
  expect(plainName("\u202egnp.exe")).toBe("\ufffdgnp.exe");
  expect(plainName("a\nb\u0000")).toBe("a\ufffdb\ufffd");
});

test("a list of names is cut after a few, and each after 60 characters", () => {
  expect(listNames(["a", "b"])).toBe("a, b");
  expect(listNames(["a", "b", "c"], 2)).toBe("a, b, …");
  expect(listNames(["x".repeat(61), "\u001b[31mred"])).toBe(`${"x".repeat(60)}…, \ufffd[31mred`);
});
