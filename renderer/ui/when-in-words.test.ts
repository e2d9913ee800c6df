import { expect, test } from "vitest";
import { whenInWords } from "./when-in-words.ts";

test("a time of today is told without its date", () => {
  const now = new Date(2026, 4, 3, 18, 0);
  expect(whenInWords(new Date(2026, 4, 3, 14, 5).toISOString(), now)).toMatch(/^today, /);
  expect(whenInWords(new Date(2026, 4, 2, 14, 5).toISOString(), now)).toMatch(/2026/);
  expect(whenInWords("nonsense", now)).toBe("an unknown time");
});
