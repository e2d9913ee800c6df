import { expect, test } from "vitest";
import { plainName } from "./plain-name.ts";

test("names keep their letters, and lose the power to turn or hide text", () => {
  expect(plainName("日本語 Ä <b>")).toBe("日本語 Ä <b>");
  expect(plainName("\u202egnp.exe")).toBe("\ufffdgnp.exe");
  expect(plainName("a\nb\u0000")).toBe("a\ufffdb\ufffd");
});
