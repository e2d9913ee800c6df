import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { eventLoopTurns } from "../../../electron/engine/index.ts";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { type FuzzCase, makeCase } from "../fuzz-case.ts";
import { knownCase } from "../known/index.ts";
import { targets } from "../targets/index.ts";
import { writeTree } from "../tree.ts";
import { Canaries } from "./canaries.ts";
import type { CaseName, CaseOrder, CaseOutcome, CaseReport, Problem } from "./case-protocol.ts";
import { textFault } from "./judge-text.ts";

/** Opens cases in this process, one after the other, as its parent asks. */
export async function serveCases(): Promise<void> {
  const canaries = new Canaries([process.cwd(), dirname(process.cwd())]);
  await canaries.plant();
  process.on("message", (order: CaseOrder) => void answer(order, canaries));
  process.on("disconnect", () => process.exit());
  say({ report: "ready" });
}

function say(report: CaseReport): void {
  process.send?.(report);
}

async function answer({ name, folder }: CaseOrder, canaries: Canaries): Promise<void> {
  const made = await madeCase(name);
  await writeTree(made.tree, folder);
  say({ report: "made", mutations: made.mutations });
  say({ report: "done", outcome: await outcomeOf(made, folder, canaries) });
}

function madeCase(name: CaseName): Promise<FuzzCase> {
  return "known" in name ? knownCase(name.known) : makeCase(name.seed, name.number);
}

async function outcomeOf(made: FuzzCase, folder: string, canaries: Canaries): Promise<CaseOutcome> {
  const problems: Problem[] = [];
  const job: Job = { report: () => {}, pause: eventLoopTurns() };
  await canaries.reset();
  const before = { cpu: process.cpuUsage(), rss: process.memoryUsage.rss(), peak: peakBytes() };
  let refused: CaseOutcome["refused"];
  try {
    const nonsense = await targets[made.kind](join(folder, made.open), job);
    for (const what of nonsense) problems.push({ kind: "nonsense", what });
  } catch (error) {
    if (error instanceof AppError && error.code !== "internal") {
      refused = { code: error.code, message: error.message };
      const fault = textFault(error.message);
      if (fault)
        problems.push({ kind: "message", what: `${fault}: ${JSON.stringify(error.message.slice(0, 400))}` });
    } else problems.push({ kind: "internal", what: described(error) });
  }
  const { user, system } = process.cpuUsage(before.cpu);
  // Below an earlier case's peak it can't be told, and is no finding then.
  const peak = peakBytes() > before.peak ? peakBytes() : before.rss;
  for (const path of await canaries.read()) problems.push({ kind: "outside", what: `${path} was read` });
  for (const left of await readdir(tmpdir())) problems.push({ kind: "leftover", what: `${left} is left` });
  return {
    mutations: made.mutations,
    refused,
    problems,
    grownBytes: Math.max(0, peak - before.rss),
    cpuMs: (user + system) / 1000,
  };
}

/** Of resident memory, ever since the process began. */
function peakBytes(): number {
  return 1024 * process.resourceUsage().maxRSS;
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 2000) : String(error);
}
