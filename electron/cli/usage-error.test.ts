import { Command } from "commander";
import { expect, it } from "vitest";
import { reportUsageInOneLine } from "./usage-error.ts";

it("says what is wrong in one line and names the command whose help tells more", () => {
  const program = new Command("offramp").exitOverride();
  const run = program.command("run").requiredOption("--out <folder>", "where").option("--json");
  let said = "";
  run.configureOutput({ writeErr: (text) => (said += text) });
  reportUsageInOneLine(run);
  expect(() => program.parse(["node", "offramp", "run", "--out", "x", "--jsn"])).toThrow();
  expect(said).toBe("offramp: unknown option '--jsn' (Did you mean --json?); see `offramp run --help`\n");
  said = "";
  expect(() => program.parse(["node", "offramp", "run"])).toThrow();
  expect(said).toMatch(
    /^offramp: required option '--out <folder>' not specified; see `offramp run --help`\n$/,
  );
});
