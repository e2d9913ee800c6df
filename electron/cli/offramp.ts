#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { demoCommand } from "./commands/demo.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { runCommandDefinition } from "./commands/run.ts";

const program = new Command("offramp")
  .description(
    "Design early-exit CNNs: from an ONNX file to a verified network that answers easy inputs early.",
  )
  .version(packageJson.version)
  .option("--json", "print results as one line of JSON")
  .option("--quiet", "print nothing but errors")
  .option("--verbose", "print stack traces")
  .option("--cache <folder>", "where stage results are kept")
  .showHelpAfterError("(--help lists what there is)")
  .exitOverride();

for (const define of [runCommandDefinition, inspectCommand, demoCommand]) define(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
