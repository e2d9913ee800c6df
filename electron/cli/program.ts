import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { calibrateCommand } from "./commands/calibrate.ts";
import { demoCommand } from "./commands/demo.ts";
import { exportCommand } from "./commands/export.ts";
import { fleetCommand } from "./commands/fleet.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { profileCommand } from "./commands/profile.ts";
import { providersCommand } from "./commands/providers.ts";
import { quantiseCommand } from "./commands/quantise.ts";
import { runPipelineCommand } from "./commands/run.ts";
import { sdfCommand } from "./commands/sdf.ts";
import { searchCommand } from "./commands/search.ts";
import { trainCommand } from "./commands/train.ts";
import { tuneCommand } from "./commands/tune.ts";
import { verifyCommand } from "./commands/verify.ts";
import { workerCommand } from "./commands/worker.ts";
import { printFailure } from "./report-failure.ts";
import { refuseEmptyValues, reportUsageInOneLine, usageMessage } from "./usage-error.ts";

const program = new Command("offramp")
  .description(
    "Design early-exit CNNs: from an ONNX file to a verified network that answers easy inputs early.",
  )
  .version(packageJson.version)
  .option("--json", "print results as one line of JSON")
  .option("--quiet", "print nothing but errors")
  .option("--verbose", "print stack traces")
  .option("--cache <folder>", "where stage results are kept")
  .exitOverride();

const commands = [
  runPipelineCommand,
  demoCommand,
  inspectCommand,
  trainCommand,
  calibrateCommand,
  profileCommand,
  providersCommand,
  quantiseCommand,
  searchCommand,
  tuneCommand,
  sdfCommand,
  exportCommand,
  verifyCommand,
  workerCommand,
  fleetCommand,
];
/** Carries out what the process was started for. */
export async function runProgram(): Promise<void> {
  for (const define of commands) define(program);
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
