import { endWithLauncher, takeErrorStreamOfLauncher } from "./launched.ts";
import { reportFailure } from "./report-failure.ts";

/** The entry of the process that does the work of a command; `offramp.ts` starts it. */

takeErrorStreamOfLauncher();
process.on("uncaughtException", giveUp);
endWithLauncher();

try {
  // Apart, so that a library that can't be loaded is a failure like others.
  const { runProgram } = await import("./program.ts");
  await runProgram();
} catch (error) {
  giveUp(error);
}

/** What no command has caught. */
function giveUp(error: unknown): never {
  const has = (flag: string) => process.argv.includes(flag);
  process.exit(reportFailure(error, { verbose: has("--verbose"), json: has("--json") }));
}
