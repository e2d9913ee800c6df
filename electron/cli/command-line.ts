import { systemFailure } from "../disk/system-failure.ts";
import { endWithLauncher, takeErrorStreamOfLauncher } from "./launched.ts";

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
  const known = systemFailure(error, "");
  const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
  const message = known?.message ?? `unexpected failure: ${said}; run again with --verbose for details`;
  process.stderr.write(`offramp: ${message}\n`);
  if (process.argv.includes("--verbose") && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (process.argv.includes("--json"))
    process.stdout.write(`${JSON.stringify({ error: { code: known?.code ?? "internal", message } })}\n`);
  process.exit(1);
}
