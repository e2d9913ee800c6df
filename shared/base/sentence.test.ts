import { expect, test } from "vitest";
import { asSentence } from "./sentence.ts";

test("a clause becomes a sentence, once", () => {
  expect(asSentence("classes sorted by name: cat, dog")).toBe("Classes sorted by name: cat, dog.");
  expect(asSentence("classes sorted by name: cat, …")).toBe("Classes sorted by name: cat, …");
  expect(asSentence("are the weights trained ones?")).toBe("Are the weights trained ones?");
  expect(asSentence("right on 8.8 % of 500")).toBe("Right on 8.8\u00A0% of 500.");
  expect(asSentence("")).toBe(".");
});
