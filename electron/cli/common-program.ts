import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { printFailure } from "./report-failure.ts";
import { refuseEmptyValues, reportUsageInOneLine, usageMessage } from "./usage-error.ts";

/** A program with the flags that all commands have. */
export function commonProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .version(packageJson.version)
    .option("--json", "print results as one line of JSON")
    .option("--quiet", "print nothing but errors")
    .option("--verbose", "print stack traces")
    .option("--cache <folder>", "where stage results are kept")
    .exitOverride();
}

/** Carries out what the process was started for; wrong usage is one line and exit code 2. */
export async function carryOut(program: Command): Promise<void> {
  program.hook("preAction", (_program, command) => refuseEmptyValues(command));
  reportUsageInOneLine(program);
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) {
      process.exitCode = 2;
      if (process.argv.includes("--json"))
        printFailure({ code: "usage", message: usageMessage(error.message) });
    }
  }
}
