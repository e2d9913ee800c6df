import { expect, test } from "vitest";
import { byId } from "./by-id.ts";

test("finds a variant by its id, or says which ones there are", () => {
  const variants = [{ id: "a" }, { id: "b" }];
  expect(byId(variants, "b", "kind")).toBe(variants[1]);
  expect(() => byId(variants, "c", "kind")).toThrow(
    expect.objectContaining({ code: "usage", message: "no kind 'c'; choose from a, b" }),
  );
});
