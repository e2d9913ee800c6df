import { expect, test } from "vitest";
import { listNames, plainName } from "./plain-name.ts";

test("names keep their letters, and lose the power to turn or hide text", () => {
  expect(plainName("日本語 Ä <b>")).toBe("日本語 Ä <b>");
  expect(plainName("\u202egnp.exe")).toBe("\\u202egnp.exe");
  expect(plainName("a\nb\u0000")).toBe("a␊b␀");
});

test("a long name loses its middle, where names differ least", () => {
  expect(plainName("n".repeat(80))).toBe("n".repeat(80));
  expect(plainName(`${"a".repeat(80)}.conv1`)).toBe(`${"a".repeat(40)}…${"a".repeat(33)}.conv1`);
});

test("a list of names is cut after a few, and each to 60 characters", () => {
  expect(listNames(["a", "b"])).toBe("a, b");
  expect(listNames(["a", "b", "c"], 2)).toBe("a, b, …");
  expect(listNames(["x".repeat(61), "\u001b[31mred"])).toBe(`${"x".repeat(30)}…${"x".repeat(29)}, ␛[31mred`);
});
