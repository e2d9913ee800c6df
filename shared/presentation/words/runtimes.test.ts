import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runtimeMarkdown, runtimeRows } from "./runtimes.ts";

test("docs/runtimes.md has the table of the export dialog", () => {
  const page = readFileSync(new URL("../../../docs/runtimes.md", import.meta.url), "utf8");
  expect(page).toContain(runtimeMarkdown());
});

test("what isn't tried names who says so", () => {
  for (const { runtime, single, staged } of runtimeRows)
    for (const { word, source } of [single, staged])
      expect([runtime, /^https:/.test(source)]).toEqual([runtime, word !== "tried"]);
});
