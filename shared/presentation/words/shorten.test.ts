import { expect, test } from "vitest";
import { shorten } from "./shorten.ts";

test("a text that is too long ends in an ellipsis within the length", () => {
  expect(shorten("block", 5)).toBe("block");
  expect(shorten("blocks", 5)).toBe("bloc…");
  expect(shorten("blocks", 0)).toBe("…");
});
