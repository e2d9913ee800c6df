import { calibrateCommand } from "./commands/calibrate.ts";
import { demoCommand } from "./commands/demo.ts";
import { exportCommand } from "./commands/export.ts";
import { fleetCommand } from "./commands/fleet.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { monitorCommand } from "./commands/monitor.ts";
import { profileCommand } from "./commands/profile.ts";
import { providersCommand } from "./commands/providers.ts";
import { quantiseCommand } from "./commands/quantise.ts";
import { rerunCommand } from "./commands/rerun.ts";
import { robustnessCommand } from "./commands/robustness.ts";
import { runPipelineCommand } from "./commands/run.ts";
import { sdfCommand } from "./commands/sdf.ts";
import { searchCommand } from "./commands/search.ts";
import { trainCommand } from "./commands/train.ts";
import { tuneCommand } from "./commands/tune.ts";
import { verifyCommand } from "./commands/verify.ts";
import { workerCommand } from "./commands/worker.ts";
import { carryOut, commonProgram } from "./common-program.ts";

const program = commonProgram(
  "offramp",
  "Design early-exit CNNs: from an ONNX file to a verified network that answers easy inputs early.",
);

const commands = [
  runPipelineCommand,
  rerunCommand,
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
  robustnessCommand,
  monitorCommand,
  workerCommand,
  fleetCommand,
];

/** Carries out what the process was started for. */
export async function runProgram(): Promise<void> {
  for (const define of commands) define(program);
  await carryOut(program);
}
