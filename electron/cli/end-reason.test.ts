import { expect, it } from "vitest";
import { EndOfText, endReason } from "./end-reason.ts";

it("says why a process ended that couldn't, in one line", () => {
  const heap =
    "<--- Last few GCs --->\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";
  expect(endReason(null, "SIGABRT", heap)).toMatch(/^ran out of memory; .*--max-old-space-size=8192/);
  expect(endReason(null, "SIGKILL", "")).toMatch(
    /^was killed, most likely because the machine ran out of memory/,
  );
  expect(endReason(null, "SIGSEGV", "")).toMatch(
    /died of SIGSEGV, a fault in a library or a lack of memory;/,
  );
  expect(endReason(1, null, "Error [ERR_MODULE_NOT_FOUND]: Cannot find module")).toMatch(/can't be loaded/);
  expect(endReason(13, null, "")).toMatch(/ended with code 13;/);
});

it("keeps the end of what was written, however much it was", () => {
  const written = new EndOfText();
  for (let chunk = 0; chunk < 100; chunk++) written.add(Buffer.from(`${chunk} `.padEnd(1000, "x")));
  expect(written.text).toHaveLength(16_384);
  expect(written.text).toContain("99 xxx");
});
