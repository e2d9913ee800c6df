import { fileURLToPath } from "node:url";
import { addWorker, workerDescription } from "./cli/commands/worker.ts";
import { carryOut, commonProgram } from "./cli/common-program.ts";
import { reportFailure } from "./cli/report-failure.ts";
import { playAllRoles, type Role, rolePrefix } from "./engine/base/assets.ts";

/**
 * Entry of the one file that a board needs: a worker, and every process and thread that it starts. Each is this file
 * again, with its role as the first argument. `npm run package:worker` builds it.
 */

const roles: Readonly<Record<Role, () => Promise<unknown>>> = {
  "model-probe-child": () => import("./engine/onnx/probe/model-probe-child.ts"),
  "probe-guard": () => import("./engine/onnx/probe/probe-guard.ts"),
  "job-child": () => import("./engine/fleet/worker/job-child.ts"),
  "search-worker": () => import("./engine/search/search-worker.ts"),
};

playAllRoles(fileURLToPath(import.meta.url));
play(takeRole()).catch(giveUp);

/** The role that this process or thread was started for. What is left of its arguments are the role's own. */
function takeRole(): Role | undefined {
  if (!process.argv[2]?.startsWith(rolePrefix)) return undefined;
  const [argument] = process.argv.splice(2, 1);
  return argument.slice(rolePrefix.length) as Role;
}

async function play(role: Role | undefined): Promise<void> {
  if (role !== undefined) return void (await roles[role]());
  process.on("uncaughtException", giveUp);
  const program = commonProgram("offramp-worker", workerDescription);
  addWorker(program);
  await carryOut(program);
}

function giveUp(error: unknown): never {
  const has = (flag: string) => process.argv.includes(flag);
  process.exit(reportFailure(error, { verbose: has("--verbose"), json: has("--json") }));
}
